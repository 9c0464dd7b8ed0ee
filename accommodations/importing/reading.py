"""What kind of file it is, told by its content; its name says nothing."""

from accommodations.importing.table import FileRefused, Table, check_size
from accommodations.importing.text import read_text
from accommodations.importing.workbook import NOT_A_WORKBOOK, read_workbook

_OTHERS = (
    (b"\xd0\xcf\x11\xe0", "This is an Excel file of the old kind (.xls), or one with a password. Save it as .xlsx."),
    (b"%PDF", "This is a PDF, not a list. Export the list as CSV or as an Excel workbook (.xlsx)."),
    (b"\x1f\x8b", NOT_A_WORKBOOK),
    (b"7z\xbc\xaf", NOT_A_WORKBOOK),
    (b"Rar!", NOT_A_WORKBOOK),
)


def read_table(content: bytes) -> Table:
    """Return the table in a file. Raises FileRefused with a sentence for the person who uploaded it."""
    check_size(len(content))
    for mark, words in _OTHERS:
        if content.startswith(mark):
            raise FileRefused(words)
    return read_workbook(content) if content.startswith((b"PK\x03\x04", b"PK\x05\x06")) else read_text(content)
