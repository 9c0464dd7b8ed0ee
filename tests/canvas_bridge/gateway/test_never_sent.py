"""What no request of a sync may ever carry: read from the source, so that nobody adds it unseen."""

from pathlib import Path

import pytest

BRIDGE = Path(__file__).resolve().parents[3] / "canvas_bridge"


def sources() -> str:
    files = (path for path in BRIDGE.rglob("*.py") if "sandbox" not in path.parts)
    return "\n".join(path.read_text() for path in sorted(files))


@pytest.mark.parametrize("word", ["extend_from_now", "extend_from_end_at", "all_dates", "bulk_update", "date_details"])
def test_the_bridge_does_not_know_what_is_not_absolute_or_not_ours_to_send(word: str) -> None:
    assert word not in sources()


def test_overrides_are_never_sent_inside_an_assignment() -> None:
    assignments = (BRIDGE / "client" / "assignments.py").read_text()

    assert "assignment_overrides" not in assignments
    assert '"PUT"' not in assignments


def test_manually_unlocked_is_read_from_answers_and_never_sent() -> None:
    named_in = [
        path.name for path in BRIDGE.rglob("*.py") if "sandbox" not in path.parts and "unlocked" in path.read_text()
    ]

    assert named_in == ["extensions.py"]
