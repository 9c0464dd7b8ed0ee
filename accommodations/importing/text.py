"""Text files: which encoding and separator they have, and their rows."""

import codecs
import csv
import io

from accommodations.importing.table import FileRefused, Table, TableBuilder

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_CONTROL = frozenset(map(chr, [*range(1, 9), 11, 12, *range(14, 32)]))


def read_text(content: bytes) -> Table:
    """Return the table of a file of text. Raises FileRefused, with the row where there is one."""
    text, encoding = _decoded(content)
    if any(sign in _CONTROL for sign in text[:4096]):
        raise FileRefused("This is no file of text. Save the list as CSV or as an Excel workbook (.xlsx).")
    separator = _separator(text)
    builder = TableBuilder(f"{encoding}, {_SEPARATORS[separator]}")
    # newline="" lets csv see LF, CRLF and CR alike, and keeps those inside quotes.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, values in enumerate(reader, start=1):  # named by the error below
            builder.add(number, values)
    except csv.Error as error:
        raise FileRefused(_words(error), row=number + 1) from error
    return builder.table()


def _words(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end of data" in text or "field larger" in text:
        return "A quote opens here and is never closed."
    if "expected after" in text:
        return "A quote closes in the middle of a cell. Inside quotes, a quote is written twice."
    return "The row cannot be read as a table."


def _decoded(content: bytes) -> tuple[str, str]:
    for mark, codec, name in _BOMS:
        if content.startswith(mark):
            try:
                return content.decode(codec), name
            except UnicodeDecodeError as error:
                raise FileRefused(f"The file says that it is {name} and is not. Save it again as UTF-8.") from error
    for codec, name in (*_unmarked_utf16(content), ("utf-8", "UTF-8")):
        try:
            return content.decode(codec), name
        except UnicodeDecodeError:
            continue
    if b"\x00" in content:
        raise FileRefused("This is no file of text. Save the list as CSV or as an Excel workbook (.xlsx).")
    try:
        return content.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise FileRefused("Its letters are in no encoding that is known. Save it again as UTF-8.", row=row) from error


def _unmarked_utf16(content: bytes) -> list[tuple[str, str]]:
    """Return UTF-16 as a guess where nearly every second byte is NUL, as in Latin text."""
    start = content[:2000]
    if len(start) < 4 or len(content) % 2:
        return []
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > 0.4 * len(start[1::2]) and not even:
        return [("utf-16-le", "UTF-16")]
    return [("utf-16-be", "UTF-16")] if even > 0.4 * len(start[0::2]) and not odd else []


def _separator(text: str) -> str:
    """Return the separator that the headers have most of, outside quotes."""
    headers = next((line for line in io.StringIO(text[:20_000]) if line.strip()), "")
    outside = "".join(headers.split('"')[0::2])
    return max(_SEPARATORS, key=outside.count)
