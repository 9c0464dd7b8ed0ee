"""Text that people typed in Canvas, as it may be shown."""

from canvas_bridge.translate.shown import shown
from canvas_bridge.wire.absent import ABSENT


def test_b27_a_name_of_a_megabyte_is_cut() -> None:
    assert len(shown("<b>" * 400_000)) == 255


def test_b16_nul_is_taken_out_and_nothing_is_empty() -> None:
    assert shown("a\0b") == "ab"
    assert shown(None) == shown(ABSENT) == ""
