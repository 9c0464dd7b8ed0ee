"""Sample files to download: every column that an import knows, filled in as people fill them in. Invented people."""

import csv
import io

from openpyxl import Workbook

HEADERS = (
    "Student ID", "Student name", "Kind", "Amount", "Counts for", "Course", "Term", "Start date", "End date",
    "Private note",
)  # fmt: skip
ROWS = (
    ("S100101", "Leilani Faleolo", "Extra time", "1.5", "Quizzes", "", "", "2026-01-12", "2026-05-15", ""),
    ("S100102", "Samuel Adeyemi", "Minutes per hour", "10", "", "", "", "2026-01-12", "", "By phone, 9 January"),
    ("m.chou", "Mei-Ling Chou", "Later", "2 working days", "Assignments", "", "", "2026-01-12", "2026-05-15", ""),
    ("S100104", "Yusuf Demir", "Extra attempts", "1", "", "", "", "", "", ""),
    ("S100105", "Ingrid Solheim", "No time limit", "", "Quizzes", "", "", "2026-01-12", "", ""),
)


def sample_csv() -> bytes:
    """Return the sample as CSV, in UTF-8 with the mark by which spreadsheets know it."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADERS, *ROWS])
    return text.getvalue().encode("utf-8-sig")


def sample_workbook() -> bytes:
    """Return the sample as an Excel workbook."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Accommodations")
    for row in (HEADERS, *ROWS):
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
