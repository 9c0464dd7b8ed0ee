"""A table as a file holds it, the limits that are kept before and while it is read, and why one is refused."""

from dataclasses import dataclass

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 60
MOST_CHARACTERS = 2_000
MOST_UNPACKED_BYTES = 60 * 1024 * 1024
MOST_PARTS = 500


class FileRefused(Exception):
    """The file cannot be read as a table. `row` and `column` count from 1, as a spreadsheet does; None: the whole."""

    def __init__(self, message: str, *, row: int | None = None, column: str = "") -> None:
        place = ", ".join(([f"row {row}"] if row else []) + ([f"column {column}"] if column else []))
        self.message = f"{place[0].upper()}{place[1:]}: {message}" if place else message
        self.row, self.column = row, column
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row with its number in the file: the headers are row 1 unless blank rows stand above them."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Headers and rows of text; blank rows are left out. `form` says how it was read: "UTF-8", "Excel workbook"."""

    headers: tuple[str, ...]
    rows: tuple[TableRow, ...]
    form: str


def check_size(size: int) -> None:
    """Raise FileRefused for a file that is larger than any list of accommodations."""
    if size > MOST_BYTES:
        raise FileRefused(f"The file has {size / 1024**2:.1f} MB; at most {MOST_BYTES // 1024**2} MB are read.")
    if size == 0:
        raise FileRefused("The file is empty.")


def column_letter(position: int) -> str:
    """Return a column's letters as spreadsheets write them, from its position counted from 0."""
    letters = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class TableBuilder:
    """Takes rows one by one and keeps the limits, so that a huge file is refused before it fills memory."""

    def __init__(self, form: str) -> None:
        self._form = form
        self._headers: tuple[str, ...] = ()
        self._rows: list[TableRow] = []

    def add(self, number: int, values: list[str]) -> None:
        """Add a row as it stands in the file; blank ones are passed over."""
        cells = [self._cell(number, position, value) for position, value in enumerate(values)]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            return
        if len(cells) > MOST_COLUMNS:
            raise FileRefused(f"It has {len(cells):,} columns; at most {MOST_COLUMNS} are read.", row=number)
        if not self._headers:
            self._headers = tuple(cells)
            return
        if len(cells) > len(self._headers):
            raise FileRefused(
                f"It has {len(cells)} cells, and the headers name {len(self._headers)} columns. "
                "Is a separator inside a text that stands without quotes?",
                row=number,
            )
        if len(self._rows) >= MOST_ROWS:
            raise FileRefused(f"The file has more than {MOST_ROWS:,} rows. Split it, or ask for the changed ones only.")
        self._rows.append(TableRow(number, (*cells, *[""] * (len(self._headers) - len(cells)))))

    def _cell(self, number: int, position: int, value: str) -> str:
        text = value.strip(" \t\r\n\u00a0\ufeff")
        if len(text) > MOST_CHARACTERS:
            raise FileRefused(
                f"A cell has {len(text):,} characters; at most {MOST_CHARACTERS:,} are read.",
                row=number,
                column=column_letter(position),
            )
        if "\x00" in text:
            raise FileRefused("It holds a NUL character: this is no table of text.", row=number)
        # Our own exports, and others, put a quote before what a spreadsheet would execute.
        return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text

    def table(self) -> Table:
        """Return the table. Raises FileRefused where it has no headers or no rows."""
        if not self._headers:
            raise FileRefused("The file has no row of headers.")
        if not self._rows:
            raise FileRefused("The file has headers and no row below them.")
        return Table(self._headers, tuple(self._rows), self._form)
