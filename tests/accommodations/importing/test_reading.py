"""B20: what a person may upload as a list, and what they are told where it is none."""

from datetime import date, datetime

import pytest

from accommodations.importing import table as limits
from accommodations.importing.reading import read_table
from accommodations.importing.table import FileRefused
from tests.accommodations.importing.files import csv_bytes, with_part, workbook_bytes, zip_bytes

LINES = ("id,name,factor", "S1,Zoë Müller,1.5", "S2,Ada,2")
ROWS = [("S1", "Zoë Müller", "1.5"), ("S2", "Ada", "2")]
READABLE = {
    "UTF-8": csv_bytes(*LINES),
    "UTF-8 with a byte order mark": csv_bytes(*LINES, encoding="utf-8-sig"),
    "UTF-16 with a byte order mark": csv_bytes(*LINES, encoding="utf-16"),
    "UTF-16, little end first, unmarked": csv_bytes(*LINES, encoding="utf-16-le"),
    "UTF-16, big end first, unmarked": csv_bytes(*LINES, encoding="utf-16-be"),
    "Windows-1252": csv_bytes(*LINES, encoding="cp1252"),
    "CR only": csv_bytes(*LINES, ending="\r"),
    "CRLF": csv_bytes(*LINES, ending="\r\n"),
    "semicolons": csv_bytes(*(line.replace(",", ";") for line in LINES)),
    "tabs": csv_bytes(*(line.replace(",", "\t") for line in LINES)),
    "blank lines around": b"\n\n" + csv_bytes(*LINES) + b"\n ,, \n",
    "a separator in quotes": csv_bytes("id,name,factor", 'S1,"Zoë Müller",1.5', "S2,Ada,2"),
    "a workbook": workbook_bytes(("id", "name", "factor"), ("S1", "Zoë Müller", 1.5), ("S2", "Ada", 2)),
}


@pytest.mark.parametrize("content", READABLE.values(), ids=READABLE.keys())
def test_b20_a_list_is_read_however_it_was_saved(content: bytes) -> None:
    table = read_table(content)

    assert table.headers == ("id", "name", "factor")
    assert [row.cells for row in table.rows] == ROWS


def test_b20_rows_have_the_numbers_of_a_spreadsheet() -> None:
    table = read_table(csv_bytes("id,note", "", 'S1,"two', 'lines"', "S2,one"))

    assert [(row.number, row.cells) for row in table.rows] == [(3, ("S1", "two\nlines")), (4, ("S2", "one"))]


BOMB = with_part(
    workbook_bytes(("id",), ("S1",)), "xl/styles.xml", lambda part: part + b" " * (limits.MOST_UNPACKED_BYTES + 1)
)
LAUGHS = with_part(
    workbook_bytes(("id",), ("S1",)),
    "xl/worksheets/sheet1.xml",
    lambda part: b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + part,
)
FORMULA = workbook_bytes(("id", "factor"), ("S1", "=1+0.5"))
REFUSED = {
    "nothing": (b"", "empty"),
    "headers alone": (b"id,name\n", "no row below"),
    "blank rows alone": (b"\n\n,,\n", "no row of headers"),
    "a quote that stays open": (csv_bytes("id,name", 'S1,"Ada', "S2,Ben"), "Row 2: A quote opens here"),
    "a quote in the middle": (csv_bytes("id,name", "S1,Ada", 'S2,"Be"n'), "Row 3: A quote closes in the middle"),
    "more cells than headers": (csv_bytes("id,name", "S1,Ada", "S2,Ito,Ben"), "Row 3: It has 3 cells"),
    "too many rows": (csv_bytes("id", *["S1"] * (limits.MOST_ROWS + 1)), "more than 5,000 rows"),
    "a million rows": (csv_bytes("id", *["S1"] * 1_000_000), "more than 5,000 rows"),
    "too many columns": (csv_bytes(",".join("a" * 61), "S1"), "Row 1: It has 61 columns"),
    "a long cell": (csv_bytes("id,name", f"S1,{'x' * 2001}"), "Row 2, column B: A cell has 2,001 characters"),
    "too many bytes": (b"x" * (limits.MOST_BYTES + 1), "at most 5 MB"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00", "no file of text"),
    "a PDF": (b"%PDF-1.7\n", "This is a PDF"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Save it as .xlsx"),
    "a NUL in a cell": (b"id,name\nS1,A\x00da\n" + b"S2,Ben\n" * 9, "Row 2: It holds a NUL"),
    "an archive with another name": (zip_bytes(**{"list.csv": b"id\nS1\n"}), "This is an archive"),
    "an archive cut short": (workbook_bytes(("id",), ("S1",))[:400], "damaged"),
    "a workbook that unpacks to too much": (BOMB, "unpacks to more than"),
    "a workbook with entities": (LAUGHS, "holds what no list needs"),
    "a workbook with broken XML": (
        with_part(workbook_bytes(("id",), ("S1",)), "xl/worksheets/sheet1.xml", lambda part: part[:200]), "damaged",
    ),
    "a formula without its value": (FORMULA, "Row 2, column B: It holds a formula whose result is not stored"),
    "UTF-16 that ends half-way": (csv_bytes(*LINES, encoding="utf-16") + b"x", "says that it is UTF-16"),
    "letters of no encoding": (b"id,name\nS1,Ada\nS2,\x81\x8d\n", "Row 3: Its letters are in no encoding"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_b20_what_is_no_list_is_refused_with_the_place_and_the_reason(content: bytes, words: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_table(content)

    assert words in refused.value.message


def test_b20_cells_of_a_workbook_are_read_as_they_would_be_typed() -> None:
    content = workbook_bytes(
        ("id", "factor", "from", "until", "flag", "long"),
        (1042.0, 1.1, date(2026, 1, 15), datetime.fromisoformat("2026-05-01 12:30"), True, 123456789012.0),
    )

    assert read_table(content).rows[0].cells == ("1042", "1.1", "2026-01-15", "2026-05-01 12:30", "yes", "123456789012")


def test_b20_a_formula_counts_by_its_stored_value() -> None:
    def store_the_value(part: bytes) -> bytes:
        assert b"<v></v>" in part or b"<v/>" in part or b"<v />" in part
        for empty in (b"<v></v>", b"<v/>", b"<v />"):
            part = part.replace(empty, b"<v>1.5</v>")
        return part

    content = with_part(FORMULA, "xl/worksheets/sheet1.xml", store_the_value)

    assert read_table(content).rows[0].cells == ("S1", "1.5")


def test_b20_a_workbook_that_lies_about_its_size_is_read_whole() -> None:
    content = workbook_bytes(("id",), ("S1",), ("S2",))
    lying = with_part(content, "xl/worksheets/sheet1.xml", lambda part: part.replace(b'ref="A1:A3"', b'ref="A1"'))

    assert lying != content
    assert len(read_table(lying).rows) == 2


def test_b20_a_row_far_below_is_refused_and_not_padded_out() -> None:
    content = with_part(
        workbook_bytes(("id",), ("S1",)),
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(b'<row r="2"', b'<row r="1048576"').replace(b'r="A2"', b'r="A1048576"'),
    )

    with pytest.raises(FileRefused, match="rows"):
        read_table(content)


def test_b22_a_guard_that_an_export_put_before_a_sign_is_taken_off_again() -> None:
    assert read_table(csv_bytes("id,note", "'-S1,'quoted")).rows[0].cells == ("-S1", "'quoted")
