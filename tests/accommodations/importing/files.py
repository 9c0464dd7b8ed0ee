"""Files as people upload them: bytes of CSV in many encodings, and workbooks."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

HEADERS = ("Student ID", "Multiplier", "Attempts", "Start date", "End date")


def csv_bytes(*lines: str, encoding: str = "utf-8", ending: str = "\n") -> bytes:
    return ending.join((*lines, "")).encode(encoding)


def workbook_bytes(*rows: Sequence[Any]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def zip_bytes(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def with_part(workbook: bytes, name: str, change: Any) -> bytes:
    """Return the workbook with one of its parts changed by a function of its bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            new.writestr(part.filename, change(content) if part.filename == name else content)
    return target.getvalue()
