"""The pages of an import, as a coordinator and a director go through them without scripts."""

import html
import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accommodations.importing import samples
from accommodations.importing.reading import read_table
from accommodations.importing.table import MOST_BYTES
from accommodations.models import Accommodation, CanvasConnection, ImportFile, ImportSource, Student
from accommodations.services import imports
from accommodations.services.import_checking import check_file
from accommodations.services.import_taking import take_file
from accommodations.tasks import look_up_students
from tests import factories
from tests.accommodations.importing.files import csv_bytes
from tests.accommodations.services.conftest import University
from tests.accommodations.views_b.conftest import HTMX, SignIn

pytestmark = pytest.mark.django_db

HEADERS = "Student ID,Student name,Multiplier"


@pytest.fixture
def students() -> list[Student]:
    return [factories.make_student(sis_user_id=f"S{number}", name=f"Person {number}") for number in range(1, 9)]


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Collect what the views would wake: the queue is not part of these tests."""
    calls: list[Any] = []
    monkeypatch.setattr("accommodations.views.imports.wake", lambda task, *ids: calls.append((task, *ids)))
    return calls


def upload(client: Client, *lines: str, name: str = "list.csv", **fields: Any) -> Any:
    file = SimpleUploadedFile(name, csv_bytes(HEADERS, *lines))
    return client.post(reverse("import_new"), {"source": "Case system", "file": file, **fields})


def checked_page(client: Client, *lines: str) -> tuple[ImportFile, str]:
    """Upload and map a file, and return it with its page."""
    upload(client, *lines)
    file = ImportFile.objects.latest("pk")
    if not file.is_mapped:
        client.post(
            reverse("import_columns", args=[file.pk]), {"student": "0", "multiplier": "2", "day_order": "month_first"}
        )
    return file, page_of(client, file)


def page_of(client: Client, file: ImportFile) -> str:
    return client.get(reverse("import_detail", args=[file.pk])).content.decode()


def take(client: Client, file: ImportFile, **choices: str) -> Any:
    digest = check_file(ImportFile.objects.get(pk=file.pk)).digest
    return client.post(reverse("import_take", args=[file.pk]), {"digest": digest, **choices})


def test_a_file_goes_from_upload_to_the_plan(coordinator: Client, students: list[Student], woken: list[Any]) -> None:
    response = upload(coordinator, "S1,Person 1,1.5", "S2,Person 2,2")
    file = ImportFile.objects.get()
    assert response.headers["Location"] == reverse("import_columns", args=[file.pk])
    columns = coordinator.get(response.headers["Location"]).content.decode()
    assert '<option value="2" selected>Multiplier</option>' in columns

    file, page = checked_page(coordinator, "S1,Person 1,1.5", "S2,Person 2,2")
    assert "2 added" in page
    assert "Take 2 changes" in page
    take(coordinator, file)
    file.refresh_from_db()
    assert file.status == ImportFile.Status.TAKEN
    assert Accommodation.objects.count() == 2
    assert woken[-1][1] == file.run_id
    assert "Read the plan of run" in page_of(coordinator, file)


def test_the_same_headers_are_not_asked_for_again(coordinator: Client, students: list[Student]) -> None:
    checked_page(coordinator, "S1,Person 1,1.5")

    response = upload(coordinator, "S2,Person 2,2")
    assert response.headers["Location"] == reverse("import_detail", args=[ImportFile.objects.latest("pk").pk])


def test_the_check_names_the_columns_that_are_not_used(coordinator: Client, students: list[Student]) -> None:
    _, page = checked_page(coordinator, "S1,Person 1,1.5")
    assert "Not used from the file: “Student name”." in page
    file = ImportFile.objects.latest("pk")
    imports.map_columns(
        file=file, mapping={"student": 0, "student_name": 1, "multiplier": 2}, day_order=ImportFile.Order.MONTH_FIRST
    )
    assert "Not used" not in page_of(coordinator, file)


def test_b20_a_bad_file_is_refused_at_its_field_and_the_source_is_kept(coordinator: Client) -> None:
    file = SimpleUploadedFile("list.csv", b"PK\x03\x04 not really")
    page = coordinator.post(reverse("import_new"), {"source": "Banner", "file": file}).content.decode()

    assert "<title>Error: " in page
    assert page.count("The Excel workbook is damaged.") == 2
    assert 'value="Banner"' in page
    assert not ImportFile.objects.exists()


def test_b20_a_file_of_200_mb_is_refused_before_it_is_read(
    coordinator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "read_table", lambda content: pytest.fail("it was read"))
    file = SimpleUploadedFile("list.csv", b"x" * (MOST_BYTES + 1))
    page = coordinator.post(reverse("import_new"), {"source": "Cases", "file": file}).content.decode()

    assert "at most 5 MB are read" in page


def test_b21_rows_are_named_with_their_reason_left_out_and_taken_in_again(
    coordinator: Client, students: list[Student]
) -> None:
    file, page = checked_page(coordinator, "S1,Person 1,1.5", 'S2,Person 2,"1,5"')
    assert "Column Multiplier: “1,5” is no number; write 1.5." in page

    refused = take(coordinator, file).content.decode()
    assert "1 row needs a decision." in refused
    assert "<title>Error: " in refused
    address = reverse("import_rows", args=[file.pk])
    assert coordinator.post(address, {"leave_out": "3"}).headers["Location"].endswith(f"/{file.pk}/#troubles")
    assert "1 left out" in page_of(coordinator, file)
    assert coordinator.post(address, {"take_in": "3"}).headers["Location"].endswith(f"/{file.pk}/#left_out")
    assert "1 to be decided" in page_of(coordinator, file)
    coordinator.post(address, {"all": "troubles"})
    take(coordinator, file)
    assert Accommodation.objects.get().student == students[0]


def test_who_decides_row_after_row_stays_on_the_page_of_the_list(coordinator: Client, students: list[Student]) -> None:
    """Once its last row is decided, there is everything again."""
    file, _ = checked_page(coordinator, "S1,Person 1,1.5", *["S2,Person 2,none"] * 51)
    address = reverse("import_detail", args=[file.pk])
    page = coordinator.get(address, {"list": "troubles", "page": 2}).content.decode()
    [action] = re.findall(r'action="([^"]*/rows/\?[^"]*)"', page)
    answer = coordinator.post(html.unescape(action), {"leave_out": "3"})
    assert answer.headers["Location"] == f"{address}?list=troubles&page=2#troubles"
    coordinator.post(reverse("import_rows", args=[file.pk]), {"all": "troubles"})
    assert "1 added" in coordinator.get(address, {"list": "troubles"}).content.decode()


def test_b21_the_valid_rows_alone_are_taken_when_that_is_chosen(coordinator: Client, students: list[Student]) -> None:
    file, _ = checked_page(coordinator, "S1,Person 1,1.5", "S2,Person 2,none")

    take(coordinator, file, only_valid="on")
    assert Accommodation.objects.count() == 1
    assert "Valid rows taken" in page_of(coordinator, file)


def test_a_file_that_shrank_is_confirmed_by_a_director_alone(
    coordinator: Client, sign_in: SignIn, students: list[Student]
) -> None:
    file, _ = checked_page(coordinator, *(f"S{number},,1.5" for number in range(1, 9)))
    take(coordinator, file)
    file, page = checked_page(coordinator, "S1,,1.5")
    assert "7 of 8 accommodations from Case system are missing" in page
    assert "How many may end" not in page
    take(coordinator, file)
    assert ImportFile.objects.get(pk=file.pk).status == ImportFile.Status.OPEN

    director, address = sign_in("director"), reverse("import_confirm", args=[file.pk])
    assert coordinator.post(address, {"number": "7"}).status_code == 403
    assert "Enter 7, the number that would end" in director.post(address, {"number": "6"}).content.decode()
    assert "Enter the number as the page names it." in director.post(address, {"number": "x"}).content.decode()
    director.post(address, {"number": "7"})
    take(coordinator, file)
    assert Accommodation.objects.exclude(status="ended").count() == 1


def test_the_limits_of_a_source_are_a_directors(sign_in: SignIn, coordinator: Client, students: list[Student]) -> None:
    checked_page(coordinator, "S1,,1.5")
    source = ImportSource.objects.get()

    sign_in("director").post(reverse("import_source", args=[source.pk]), {"shrink_percent": "50", "shrink_number": "9"})
    source.refresh_from_db()
    assert (source.shrink_percent, source.shrink_number) == (50, 9)


def test_an_import_is_undone_after_its_steps_were_shown(coordinator: Client, students: list[Student]) -> None:
    file, _ = checked_page(coordinator, "S1,,1.5", "S2,,2")
    take(coordinator, file)

    page = coordinator.get(reverse("import_undo", args=[file.pk])).content.decode()
    assert "2 accommodations change" in page
    coordinator.post(reverse("import_undo", args=[file.pk]), {"number": "2"})
    assert not Accommodation.objects.exclude(status="ended").exists()
    assert "Undone" in page_of(coordinator, file)


def test_a_few_unknown_students_are_looked_up_while_one_waits(
    coordinator: Client, connection: CanvasConnection, university: University
) -> None:
    _, page = checked_page(coordinator, "S-ada,Ada Nwosu,1.5", "nobody,,2")

    assert "1 added" in page
    assert "“nobody” is neither an SIS id nor a login that Leeway or Canvas knows." in page


def test_many_unknown_students_are_looked_up_by_a_worker_with_progress(
    coordinator: Client, connection: CanvasConnection, university: University, woken: list[Any]
) -> None:
    file, page = checked_page(coordinator, "S-ada,,1.5", "S-ben,,2", "no1,,2", "no2,,2")
    address = reverse("import_progress", args=[file.pk])
    assert "0 of 4" in page
    assert 'hx-trigger="every 2s"' in coordinator.get(address, headers=HTMX).content.decode()

    task, pk = woken[-1]
    assert task is look_up_students
    look_up_students(pk)
    assert coordinator.get(address, headers=HTMX).headers["HX-Refresh"] == "true"
    assert "2 added" in page_of(coordinator, file)
    assert "Look up 2 students in Canvas again" in page_of(coordinator, file)


def test_b15_what_stands_in_a_file_is_text_everywhere(coordinator: Client, students: list[Student]) -> None:
    nasty = '<script>alert(1)</script>"><img onerror=x> {{7*7}}'
    content = csv_bytes(
        f'Student ID,Multiplier,"{nasty.replace(chr(34), chr(34) * 2)}"', "<script>alert(2),1.5,x", "S1,<b>,y"
    )
    coordinator.post(
        reverse("import_new"), {"source": nasty[:80], "file": SimpleUploadedFile("<script>alert(3).csv", content)}
    )
    file = ImportFile.objects.get()
    pages = [coordinator.get(reverse("import_columns", args=[file.pk])).content.decode()]
    imports.map_columns(file=file, mapping={"student": 0, "multiplier": 1}, day_order="month_first")
    pages += [page_of(coordinator, file), coordinator.get(reverse("import_list")).content.decode()]

    for page in pages:
        assert "<script>alert" not in page
        assert "<img onerror" not in page
        assert "<b>" not in page
        assert "&lt;script&gt;alert(3).csv" in page


@pytest.mark.parametrize("name", ["import_sample_csv", "import_sample_workbook"])
def test_a_sample_can_be_imported_as_it_is(name: str, coordinator: Client) -> None:
    response = coordinator.get(reverse(name))

    assert response.headers["Content-Disposition"].startswith('attachment; filename="leeway-sample.')
    table = read_table(response.content)
    assert table.headers == samples.HEADERS
    for row in samples.ROWS:
        factories.make_student(sis_user_id=row[0], name=row[1])
    coordinator.post(
        reverse("import_new"), {"source": "Sample", "file": SimpleUploadedFile("sample", response.content)}
    )
    file = ImportFile.objects.get()
    imports.map_columns(file=file, mapping=file.mapping, day_order=file.day_order)
    found = check_file(file)
    assert found.troubles == ()
    assert not found.remarks


def test_pages_of_a_large_import_ask_the_database_little(coordinator: Client, sign_in: SignIn) -> None:
    students = [factories.make_student(sis_user_id=f"L{number}") for number in range(300)]
    user = factories.make_user("coordinator")
    for factor in ("1.5", "2"):
        lines = [f"{student.sis_user_id},,{factor}" for student in students[: 150 if factor == "1.5" else 300]]
        file = imports.upload_file(
            content=csv_bytes(HEADERS, *lines, "nobody,,2"), name="l.csv", source="Large", uploaded_by=user
        )
        file = imports.map_columns(file=file, mapping=file.mapping, day_order=file.day_order)
        if factor == "1.5":
            take_file(file=file, taken_by=user, digest=check_file(file).digest, only_valid=True)
    taken = ImportFile.objects.get(status=ImportFile.Status.TAKEN)
    for address in (
        reverse("import_detail", args=[file.pk]),
        reverse("import_detail", args=[file.pk]) + "?list=added&page=2",
        reverse("import_detail", args=[taken.pk]),
        reverse("import_list"),
    ):
        coordinator.get(address)
        with CaptureQueriesContext(
            database,
        ) as captured:
            assert coordinator.get(address).status_code == 200
        assert len(captured) <= 12, [one["sql"][:100] for one in captured]


@pytest.mark.parametrize("query", ["?list=added&page=-1", "?list=added&page=999999999", "?list=password", "?page=x"])
def test_b18_odd_addresses_show_a_page(query: str, coordinator: Client, students: list[Student]) -> None:
    file, _ = checked_page(coordinator, "S1,,1.5")

    assert coordinator.get(reverse("import_detail", args=[file.pk]) + query).status_code == 200


def test_uploads_in_memory_and_on_disk_are_read_alike(
    coordinator: Client, students: list[Student], settings: Any
) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    file = io.BytesIO(csv_bytes(HEADERS, "S1,,1.5"))
    file.name = "list.csv"

    coordinator.post(reverse("import_new"), {"source": "Cases", "file": file})
    assert ImportFile.objects.get().row_count == 1
