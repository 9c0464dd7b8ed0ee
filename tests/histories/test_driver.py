"""The driver of random histories: a seed always draws the same steps, and a failing history is made short."""

import ast
from pathlib import Path

import pytest

from tests import invariants, reference
from tests.histories import driver
from tests.histories.steps import KINDS, Step


def test_a_seed_always_draws_the_same_history() -> None:
    assert driver.history(17) == driver.history(17)
    assert driver.history(17) != driver.history(18)
    assert len(driver.history(17)) == driver.STEPS_EACH


def test_every_kind_of_step_comes_within_a_few_seeds() -> None:
    drawn = {one.name for seed in range(1, 40) for one in driver.history(seed)}
    assert drawn == set(KINDS)


def test_a_history_is_printed_so_that_it_can_be_written_into_a_test() -> None:
    (step, *_) = driver.history(17)
    assert eval(str(step).strip().rstrip(",")) == (step.name, step.values)  # noqa: S307  # our own text


def test_what_judges_the_histories_asks_no_planning() -> None:
    files = [*Path(driver.__file__).parent.glob("*.py"), Path(invariants.__file__), Path(reference.__file__)]
    imported = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom):
                imported |= {f"{node.module}.{alias.name}" for alias in node.names}
            elif isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
    assert "tests.reference.DateTriple" in imported, "imports are found"
    assert not [name for name in imported if name.startswith("accommodations.planning")]


def test_a_failing_history_is_made_as_short_as_it_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [Step("time_passes", {"by": number}) for number in range(40)]

    def run(tried: list[Step]) -> None:
        hours = [one.values["by"] for one in tried]
        if {7, 31} <= set(hours):
            raise AssertionError(("I2", hours))
        if len(hours) == 1:
            raise AssertionError(("R4", "another one, which is not looked for"))

    monkeypatch.setattr(driver, "run", run)
    shortest = driver.shorter(steps, AssertionError(("I2", "of before")))
    assert [one.values["by"] for one in shortest] == [7, 31]
