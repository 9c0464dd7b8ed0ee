"""Excel workbooks: looked at as an archive first, then read cell by cell; formulas count by their stored value."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import repeat
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from accommodations.importing.table import (
    MOST_COLUMNS,
    MOST_PARTS,
    MOST_ROWS,
    MOST_UNPACKED_BYTES,
    FileRefused,
    Table,
    TableBuilder,
    column_letter,
)

NOT_A_WORKBOOK = (
    "This is an archive, not a list. Unpack it and upload the CSV or Excel file in it, or save the list again as .xlsx."
)
_DAMAGED = "The Excel workbook is damaged. Open it, save it again as .xlsx, and upload that."
_FORMULA = re.compile(rb"<(?:[A-Za-z]+:)?f[ >/]")


def read_workbook(content: bytes) -> Table:
    """Return the table of the first sheet of a workbook. Raises FileRefused."""
    has_formulas = _check_archive(content)
    try:
        return _first_sheet(content, has_formulas=has_formulas)
    except FileRefused:
        raise
    except Exception as error:  # openpyxl meets a broken file with errors of many kinds, all of them the file's
        raise FileRefused(_DAMAGED) from error


def _check_archive(content: bytes) -> bool:
    """Refuse what is no workbook, unpacks to too much or declares entities; return whether it has formulas."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if not {"[Content_Types].xml", "xl/workbook.xml"} <= {part.filename for part in parts}:
                raise FileRefused(NOT_A_WORKBOOK)
            if any(part.flag_bits & 1 for part in parts):
                raise FileRefused("The workbook has a password. Save it without one.")
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
                raise FileRefused(
                    f"The workbook unpacks to more than {MOST_UNPACKED_BYTES // 1024**2} MB. "
                    "Copy the list alone into a new workbook."
                )
            texts = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
            # Every part is looked through: the first formula must not end the look.
            return sum(_has_formula(archive, part) for part in texts) > 0
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError) as error:
        raise FileRefused(_DAMAGED) from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]  # the module that zipfile itself imports
        raise FileRefused(_DAMAGED) from error


def _has_formula(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Look through one part: an honest workbook declares no document type, and is written in UTF-8."""
    # The archive gives no more than the size that was counted, whatever is packed behind it.
    with archive.open(part) as file:
        text = file.read()
    if b"\x00" in text[:200] or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise FileRefused("The workbook holds what no list needs. Copy the list alone into a new workbook.")
    return part.filename.startswith("xl/worksheets/") and _FORMULA.search(text) is not None


def _first_sheet(content: bytes, *, has_formulas: bool) -> Table:
    builder = TableBuilder("Excel workbook")
    values = _rows(content, data_only=True)
    formulas: Iterator[tuple[Any, ...]] = _rows(content, data_only=False) if has_formulas else repeat(())
    for number, (row, written) in enumerate(zip(values, formulas, strict=False), start=1):
        for position, (value, source) in enumerate(zip(row, written, strict=False)):
            if value is None and isinstance(source, str) and source.startswith("="):
                raise FileRefused(
                    "It holds a formula whose result is not stored. Open the workbook, save it, and upload it again.",
                    row=number,
                    column=column_letter(position),
                )
        builder.add(number, [_text(value) for value in row])
    return builder.table()


def _rows(content: bytes, *, data_only: bool) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the first sheet, one row and one column more than are read, so that more is noticed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and extensions that a reader of values need not know
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
    sheet = next((one for one in book.worksheets if isinstance(one, ReadOnlyWorksheet)), None)
    if sheet is None:
        raise FileRefused("The workbook has no sheet with cells.")
    sheet.reset_dimensions()  # the size that the file claims may be wrong in either direction
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > 4 * MOST_ROWS:
            raise FileRefused(f"The sheet has more than {4 * MOST_ROWS:,} rows.")
        yield row[: MOST_COLUMNS * 4]


def _text(value: object) -> str:
    """Return a cell as it would be typed: 1.5, 2026-01-15; empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
