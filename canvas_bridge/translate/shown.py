"""Text that people typed, cut to what a page can show."""

from canvas_bridge.wire.absent import Absent

LONGEST_TEXT = 255
LONGEST_ADDRESS = 2000


def shown(text: str | Absent | None, *, longest: int = LONGEST_TEXT) -> str:
    """Return the text without NUL, cut to `longest`; "" where it is absent or null."""
    return (text or "")[:longest].replace("\0", "")
