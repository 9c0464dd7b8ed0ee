"""What no request of a sync may ever carry: read from the source, so that nobody adds it unseen."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
BRIDGE = ROOT / "canvas_bridge"
EXTENSIONS = BRIDGE / "client" / "resources" / "quiz_extensions.py"


def sources(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in sorted(folder.rglob("*.py")) if "sandbox" not in path.parts]


def code_naming(word: str, *folders: Path) -> list[Path]:
    """Return the files that hold the word as a name or inside a text; comments and docstrings do not send anything."""
    return [path for path in sources(*folders) if any(word in text for text in _texts(ast.parse(path.read_text())))]


def _texts(tree: ast.Module) -> list[str]:
    documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            texts.append(node.value)
        elif isinstance(node, ast.Attribute | ast.keyword | ast.arg | ast.Name | ast.FunctionDef | ast.AnnAssign):
            texts.append(_name(node))
    return texts


def _name(node: ast.AST) -> str:
    for attribute in ("attr", "arg", "id", "name"):
        if isinstance(found := getattr(node, attribute, None), str):
            return found
    return ""


@pytest.mark.parametrize("word", ["extend_from_now", "extend_from_end_at"])
def test_what_is_not_absolute_stands_in_one_place_alone(word: str) -> None:
    assert code_naming(word, BRIDGE, ROOT / "accommodations") == [EXTENSIONS]


def test_the_place_that_names_it_is_reached_by_extend_running_attempt_alone() -> None:
    tree = ast.parse(EXTENSIONS.read_text())
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    callers = {
        function.name
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and node.id == "_moved_end"
    }

    assert callers == {"extend_running_attempt"}


@pytest.mark.parametrize("word", ["all_dates", "bulk_update", "set_in_course", "manually_unlocked"])
def test_the_planner_and_its_gateway_never_name_what_a_sync_does_not_send(word: str) -> None:
    applying = [BRIDGE / "gateway" / "grouping.py", *sources(BRIDGE / "gateway" / "applying")]
    planning = sources(ROOT / "accommodations" / "planning")

    assert [path for path in (*applying, *planning) if word in path.read_text()] == []


def test_overrides_are_never_sent_inside_an_assignment() -> None:
    """Such a list replaces all others by what was read a while ago (contract 9.3): it is absent from the types."""
    in_assignments = [
        BRIDGE / "wire" / "assignments.py",
        BRIDGE / "wire" / "assignment_values.py",
        BRIDGE / "client" / "resources" / "assignments.py",
    ]

    assert [path for path in in_assignments if path.exists() and "assignment_overrides" in path.read_text()] == []
