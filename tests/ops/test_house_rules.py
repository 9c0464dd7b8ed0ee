"""Rules of the house that no linter checks: sizes, purity, and nothing in the files that belongs to one machine."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.processes import ROOT

LONGEST_FILE = 400
CODE = (".py", ".html", ".js")
GENERATED = re.compile(r"/migrations/|htmx")
# Addresses of machines and registries, and folders of one developer: the files are for everybody.
OWN_FOLDERS = "".join(f"{re.escape(str(folder))}/|" for folder in (ROOT, Path.home()) if folder != Path("/"))
FOREIGN = re.compile(
    rf"(?:{OWN_FOLDERS}/home/(?!leeway\b)\w+/|/tmp/(?!leeway-never-opened)\w"
    r"|pypi\.org|pythonhosted|registry\.npmjs|--index-url|--extra-index-url|--find-links)"
)


def tracked_files() -> list[Path]:
    """Return the files that are or would be under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).is_file()]


def texts() -> Iterator[tuple[str, str]]:
    """Return name and text of each tracked text file."""
    for file in tracked_files():
        try:
            yield str(file.relative_to(ROOT)), file.read_text()
        except UnicodeDecodeError:
            continue


def test_no_file_passes_400_lines() -> None:
    """A longer file is usually two things."""
    long = {
        name: text.count("\n")
        for name, text in texts()
        if name.endswith(CODE) and not GENERATED.search(name) and text.count("\n") > LONGEST_FILE
    }
    assert long == {}


def test_no_file_names_a_machine_or_a_registry() -> None:
    """What is written down works everywhere."""
    this_file = str(Path(__file__).relative_to(ROOT))
    found = {name: FOREIGN.findall(text) for name, text in texts() if name != this_file and FOREIGN.search(text)}
    assert found == {}


def test_every_locked_package_has_hashes() -> None:
    """An installation takes exactly what was locked, or nothing."""
    for name in ("production", "demo", "dev"):
        entries = re.split(r"\n(?=\S)", (ROOT / "requirements" / f"{name}.lock").read_text())
        packages = [entry for entry in entries if "==" in entry.splitlines()[0] and not entry.startswith("#")]
        assert len(packages) > 20
        assert [entry.splitlines()[0] for entry in packages if "--hash=sha256:" not in entry] == []


def test_planning_imports_only_the_standard_library_facts_and_changes() -> None:
    """Plans are pure functions: no clock, no database, no HTTP, no Django."""
    allowed = {"canvas_bridge.facts", "canvas_bridge.changes"}
    found = {
        (file.name, module)
        for file in (ROOT / "accommodations" / "planning").glob("**/*.py")
        for module in imported_modules(file)
        if module.split(".")[0] not in sys.stdlib_module_names
        and module not in allowed
        and not module.startswith("accommodations.planning")
    }
    assert found == set()


def test_planning_never_looks_at_the_clock() -> None:
    """`now` is an argument: the same inputs give the same plan."""
    clock = re.compile(r"\.now\(|\.utcnow\(|\.today\(|time\.time\(")
    found = [
        file.name for file in (ROOT / "accommodations" / "planning").glob("**/*.py") if clock.search(file.read_text())
    ]
    assert found == []


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "NotImplementedError", "pytest.mark.skip", "mark.xfail"])
def test_nothing_is_left_for_later(word: str) -> None:
    """What is there works; what does not work is not there."""
    this_file = str(Path(__file__).relative_to(ROOT))
    assert [
        name for name, text in texts() if name.endswith((".py", ".html")) and name != this_file and word in text
    ] == []


def test_only_the_confirmed_act_of_a_person_extends_a_running_attempt() -> None:
    """A sync sends absolute values only: repeated, `extend_from_now` would add time again."""
    word = re.compile(r"extend_from_(now|end_at)")
    found = {
        name
        for name, text in texts()
        if name.startswith(("accommodations", "canvas_bridge"))
        and "sandbox" not in name
        and word.search(code_only(text))
    }
    assert found == {"canvas_bridge/client/resources/quiz_extensions.py"}


def imported_modules(file: Path) -> set[str]:
    """Return the modules that a file imports, anywhere in it."""
    modules = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.add(node.module)
    return modules


def code_only(text: str) -> str:
    """Return the text without comments and docstrings' usual form."""
    return re.sub(r'""".*?"""|#[^\n]*', "", text, flags=re.DOTALL)
