"""B21: a file checked, taken all at once or not at all, imported again, shrunk, undone; its students asked for."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from accommodations.errors import NotPossible, PlanChanged, ValuesRefused
from accommodations.importing.table import FileRefused
from accommodations.models import (
    Accommodation,
    ActionLogPayload,
    CanvasConnection,
    ImportChange,
    ImportFile,
    ImportRow,
    InstitutionSettings,
    Student,
    SyncRun,
)
from accommodations.services import import_lookups, imports
from accommodations.services.accommodation_values import values_of
from accommodations.services.accommodations import change_accommodation, end_accommodation, record_accommodation
from accommodations.services.import_checking import check_file
from accommodations.services.import_taking import confirm_ending, take_file, undo_file, undo_steps
from tests import factories
from tests.accommodations.importing.files import csv_bytes
from tests.accommodations.services.conftest import University, time_and_a_half

pytestmark = pytest.mark.django_db

HEADERS = "Student ID,Multiplier,Extra attempts"


@pytest.fixture
def office() -> Any:
    return factories.make_user("coordinator")


@pytest.fixture
def students() -> list[Student]:
    """Return students S1 to S8, all in one course."""
    course = factories.make_course()
    found = [factories.make_student(sis_user_id=f"S{number}", login_id=f"login{number}") for number in range(1, 9)]
    for student in found:
        factories.make_enrollment(student, course)
    return found


def upload(office: User, *lines: str, headers: str = HEADERS) -> ImportFile:
    file = imports.upload_file(
        content=csv_bytes(headers, *lines), name="list.csv", source="Case system", uploaded_by=office
    )
    return imports.map_columns(file=file, mapping=file.mapping, day_order=file.day_order)


def take(file: ImportFile, office: User, **options: bool) -> ImportFile:
    return take_file(file=file, taken_by=office, digest=check_file(file).digest, **options)


def take_lines(office: User, *lines: str, **options: bool) -> ImportFile:
    return take(upload(office, *lines), office, **options)


def told(file: ImportFile) -> list[str]:
    return [f"{one.place}: {one.message}" for one in check_file(file).troubles]


def standing() -> list[tuple[str, Decimal | None, int | None]]:
    rows = Accommodation.objects.exclude(status=Accommodation.Status.ENDED).select_related("student")
    return [
        (row.student.sis_user_id, row.multiplier, row.attempts)
        for row in rows.order_by("student__sis_user_id", "provision")
    ]


def test_b21_a_file_is_taken_and_taken_again_it_changes_nothing(office: User, students: list[Student]) -> None:
    lines = ("S1,1.5,", "LOGIN2,2,1")
    file = take_lines(office, *lines)

    assert standing() == [("S1", Decimal("1.5"), None), ("S2", None, 1), ("S2", Decimal(2), None)]
    assert file.counts["added"] == 3
    again = upload(office, *lines)
    assert check_file(again).difference.action_count == 0
    assert take(again, office).run is None
    assert Accommodation.objects.count() == 3


def test_one_sync_is_queued_with_each_course_concerned_once(office: User, students: list[Student]) -> None:
    file = take_lines(office, "S1,1.5,1", "S2,2,", "S3,2,")

    assert SyncRun.objects.get() == file.run
    assert file.run is not None
    assert file.run.reads_before_applying
    assert file.run.course_syncs.count() == 1


def test_b21_changed_and_missing_are_shown_and_taken(office: User, students: list[Student]) -> None:
    take_lines(office, "S1,1.5,", "S2,1.5,")
    by_hand, _ = record_accommodation(student=students[2], recorded_by=office, values=time_and_a_half())
    file = upload(office, "S1,2,")

    counts = check_file(file).counts
    assert (counts["changed"], counts["ended"]) == (1, 1)
    take(file, office)
    assert standing() == [("S1", Decimal(2), None), ("S3", Decimal("1.5"), None)]
    by_hand.refresh_from_db()
    assert by_hand.status == Accommodation.Status.ACTIVE


def test_b21_what_is_missing_may_be_left_as_it_is(office: User, students: list[Student]) -> None:
    take_lines(office, "S1,1.5,", "S2,1.5,")
    file = take_lines(office, "S1,1.5,", keeps_missing=True)

    assert file.counts["kept"] == 1
    assert len(standing()) == 2
    assert check_file(upload(office, "S1,1.5,")).counts["ended"] == 1, "they still belong to the source"


def test_b21_all_or_nothing_unless_a_person_takes_the_valid_rows(office: User, students: list[Student]) -> None:
    file = upload(office, "S1,1.5,", 'S2,"1,5",', "S3,11,", "S4,2,1001")

    assert told(file) == [
        "row 3, column Multiplier: “1,5” is no number; write 1.5.",
        "row 4, column Multiplier: Enter a multiplier from 1.01 to 10, such as 1.5.",
        "row 5, column Extra attempts: Enter a whole number of attempts from 1 to 1000.",
    ]
    with pytest.raises(ValuesRefused, match="3 rows need a decision"):
        take(file, office)
    assert not Accommodation.objects.exists()
    assert take(file, office, only_valid=True).is_partial
    assert standing() == [("S1", Decimal("1.5"), None)]


def test_b10_more_decimals_than_a_multiplier_has_are_refused(office: User, students: list[Student]) -> None:
    assert told(upload(office, "S1,1.0000001,")) == [
        "row 2, column Multiplier: Enter a multiplier from 1.01 to 10, such as 1.5."
    ]


def test_b21_a_row_that_cannot_be_read_ends_nothing_of_its_student(office: User, students: list[Student]) -> None:
    take_lines(office, "S1,1.5,", "S2,1.5,")
    file = upload(office, "S1,1.5,", "S2,oops,")

    checked = check_file(file)
    assert checked.counts["ended"] == 0
    assert len(checked.difference.shielded) == 1
    imports.leave_out(file=file, rows=[3], is_left_out=True)
    assert check_file(file).counts["ended"] == 0
    assert not check_file(file).troubles


def test_b21_contradicting_rows_need_a_decision(office: User, students: list[Student]) -> None:
    file = upload(office, "S1,1.5,", "login1,2,")

    assert told(file) == [
        "row 2: It contradicts row 3: correct the file, or leave one out.",
        "row 3: It contradicts row 2: correct the file, or leave one out.",
    ]
    imports.leave_out(file=file, rows=[3], is_left_out=True)
    take(file, office)
    assert standing() == [("S1", Decimal("1.5"), None)]


def test_b21_an_id_that_fits_two_people_is_not_guessed(office: User, students: list[Student]) -> None:
    factories.make_student(sis_user_id="X", login_id="S1")

    assert told(upload(office, "S1,1.5,")) == ["row 2, column Student ID: “S1” fits more than one person."]


def test_b21_a_canvas_id_is_no_id_of_a_file(office: User, students: list[Student]) -> None:
    assert "neither" not in told(upload(office, f"{students[0].canvas_user_id},1.5,"))[0]
    assert not check_file(upload(office, f"{students[0].canvas_user_id},1.5,")).difference.added


def test_a_name_that_is_somebody_elses_is_remarked(office: User, students: list[Student]) -> None:
    file = upload(office, 'S1,2,"Kahn, Noor"', headers="Student ID,Multiplier,Student name")

    assert check_file(file).remarks == {2: ("The file says “Kahn, Noor”. Is this the right student?",)}


def test_a_difference_that_changed_since_it_was_read_is_not_taken(office: User, students: list[Student]) -> None:
    file = upload(office, "S1,1.5,")
    digest = check_file(file).digest
    record_accommodation(student=students[0], recorded_by=office, values=time_and_a_half())

    with pytest.raises(PlanChanged):
        take_file(file=file, taken_by=office, digest=digest)
    assert ImportFile.objects.get().status == ImportFile.Status.OPEN


def test_a_file_is_taken_once(office: User, students: list[Student]) -> None:
    file = upload(office, "S1,1.5,")
    digest = check_file(file).digest
    take_file(file=file, taken_by=office, digest=digest)

    with pytest.raises(NotPossible):
        take_file(file=file, taken_by=office, digest=digest)
    assert Accommodation.objects.count() == 1


def test_nothing_is_taken_where_one_row_fails_at_the_end(
    office: User, students: list[Student], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = upload(office, "S1,1.5,", "S2,2,")

    def fail(*args: object, **options: object) -> None:
        raise RuntimeError("the queue is gone")

    monkeypatch.setattr("accommodations.services.change_runs.request_sync_run", fail)
    with pytest.raises(RuntimeError):
        take(file, office)
    assert not Accommodation.objects.exists()
    assert ImportFile.objects.get().status == ImportFile.Status.OPEN
    assert ImportRow.objects.count() == 2


def test_a_file_that_shrinks_waits_for_a_director(office: User, students: list[Student]) -> None:
    take_lines(office, *(f"S{number},1.5," for number in range(1, 9)))
    file = upload(office, "S1,1.5,", "S2,2,")

    with pytest.raises(NotPossible, match="6 of 8 accommodations from Case system are missing"):
        take(file, office)
    with pytest.raises(ValuesRefused, match="Enter 6"):
        confirm_ending(file=file, confirmed_by=factories.make_user("director"), number=5)
    confirm_ending(file=file, confirmed_by=factories.make_user("director"), number=6)
    take(file, office)
    assert standing() == [("S1", Decimal("1.5"), None), ("S2", Decimal(2), None)]


def test_a_file_that_shrinks_is_taken_without_ending_anything(office: User, students: list[Student]) -> None:
    take_lines(office, *(f"S{number},1.5," for number in range(1, 9)))

    take_lines(office, "S1,2,", keeps_missing=True)
    assert len(standing()) == 8


def test_what_was_ended_by_hand_is_named_before_it_is_recorded_again(office: User, students: list[Student]) -> None:
    take_lines(office, "S1,1.5,")
    row = Accommodation.objects.get()
    end_accommodation(accommodation=row, ended_by=office, version=row.version)

    remarks = check_file(upload(office, "S1,1.5,")).remarks
    assert remarks == {2: ("It was ended in Leeway by hand. Taking the row records it again.",)}


def test_with_two_people_a_file_records_drafts_and_changes_nothing_by_itself(
    office: User, students: list[Student]
) -> None:
    take_lines(office, "S1,1.5,")
    institution = InstitutionSettings.current()
    institution.two_person_approval = True
    institution.save()
    file = take_lines(office, "S1,2,", "S2,2,")

    assert file.run is None
    assert check_file(upload(office, "S1,2,", "S2,2,")).difference.action_count == 0
    drafts = Accommodation.objects.filter(status=Accommodation.Status.DRAFT)
    assert {row.student.sis_user_id for row in drafts} == {"S1", "S2"}
    undo_file(file=file, undone_by=office, number=2)
    assert standing() == [("S1", Decimal("1.5"), None)]


def test_undo_ends_what_was_added_and_restores_what_was_changed_and_ended(
    office: User, students: list[Student]
) -> None:
    take_lines(office, "S1,1.5,", "S2,1.5,")
    file = take_lines(office, "S1,2,", "S3,2,")
    assert standing() == [("S1", Decimal(2), None), ("S3", Decimal(2), None)]

    assert sorted(step.what for step in undo_steps(file)) == ["change_back", "end", "record_again"]
    undone = undo_file(file=file, undone_by=office, number=3)
    assert standing() == [("S1", Decimal("1.5"), None), ("S2", Decimal("1.5"), None)]
    assert undone.run is not None
    assert undone.run.course_syncs.count() == 1
    assert check_file(upload(office, "S1,1.5,", "S2,1.5,")).difference.action_count == 0
    with pytest.raises(NotPossible):
        undo_file(file=file, undone_by=office, number=0)


def test_undo_leaves_what_a_person_has_edited_since(office: User, students: list[Student]) -> None:
    file = take_lines(office, "S1,1.5,", "S2,1.5,")
    row = Accommodation.objects.get(student=students[0])
    values = time_and_a_half(multiplier=Decimal(3), effective_from=values_of(row).effective_from)
    change_accommodation(accommodation=row, changed_by=office, version=row.version, values=values)

    assert {step.accommodation.student.sis_user_id: (step.what, step.reason) for step in undo_steps(file)} == {
        "S1": ("leave", "was edited since"),
        "S2": ("end", ""),
    }
    with pytest.raises(PlanChanged):
        undo_file(file=file, undone_by=office, number=2)
    undo_file(file=file, undone_by=office, number=1)
    assert standing() == [("S1", Decimal(3), None)]


def test_the_log_has_name_digest_and_counts_and_never_a_cell(office: User, students: list[Student]) -> None:
    file = upload(office, "S1,1.5,secret words", headers="Student ID,Multiplier,Notes")
    take(file, office)

    payloads = [row.data for row in ActionLogPayload.objects.filter(entry__act__startswith="import.")]
    assert [(one["file"], one["digest"]) for one in payloads] == [("list.csv", file.digest)] * 2
    assert payloads[0].get("counts", payloads[-1].get("counts")) is not None
    assert "secret words" not in str(payloads)


def test_rows_are_forgotten_when_the_file_is_decided(office: User, students: list[Student]) -> None:
    take_lines(office, "S1,1.5,")
    imports.discard_file(file=upload(office, "S1,2,"), discarded_by=office)

    assert not ImportRow.objects.exists()
    assert ImportChange.objects.count() == 1


def test_a_file_that_nobody_decides_is_discarded_after_two_weeks(office: User, students: list[Student]) -> None:
    upload(office, "S1,1.5,")

    assert imports.discard_undecided(now=timezone.now() + timedelta(days=13)) == 0
    assert imports.discard_undecided(now=timezone.now() + timedelta(days=15)) == 1
    assert not ImportRow.objects.exists()


def test_the_mapping_is_remembered_for_the_same_headers(office: User, students: list[Student]) -> None:
    headers = "Who,How much"
    file = imports.upload_file(
        content=csv_bytes(headers, "S1,1.5"), name="a.csv", source="Case system", uploaded_by=office
    )
    assert (file.mapping, file.is_mapped) == ({}, False)
    imports.map_columns(file=file, mapping={"student": 0, "multiplier": 1}, day_order="day_first")

    again = upload(office, "S1,1.5", headers=headers)
    assert (again.mapping, again.day_order) == ({"student": 0, "multiplier": 1}, "day_first")


def test_a_column_of_diagnoses_leaves_nothing_behind(office: User) -> None:
    with pytest.raises(FileRefused, match="“Diagnosis”"):
        upload(office, "S1,1.5,ADHD", headers="Student ID,Multiplier,Diagnosis")
    assert not ImportFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/list.csv", "list.csv"),
        ("C:\\Users\\me\\list.csv", "list.csv"),
        ('a"b\r\nSet-Cookie: x.csv', 'a"bSet-Cookie: x.csv'),
        ("\u202egpj.csv", "gpj.csv"),
        ("", "file"),
        ("x" * 500 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_b23_a_file_name_is_kept_without_folders_and_hidden_signs(name: str, kept: str) -> None:
    assert imports.clean_name(name) == kept


def test_b21_unknown_students_are_asked_for_in_canvas_by_sis_id_and_login(
    office: User, connection: CanvasConnection, university: University
) -> None:
    file = upload(office, "S-ada,1.5,", "ben,2,", "nobody,2,", f"{university.ada.id},2,")

    assert "Canvas has not been asked yet" in told(file)[0]
    assert import_lookups.ask_for_students(file=file, asked_by=office) == 4
    assert import_lookups.look_up_some(file.pk, most=3)
    assert not import_lookups.look_up_some(file.pk, most=3)
    file.refresh_from_db()
    assert [one.row for one in check_file(file).troubles] == [4, 5]
    assert all("is neither an SIS id nor a login that Leeway or Canvas knows" in one for one in told(file))
    take(file, office, only_valid=True)
    assert standing() == [("S-ada", Decimal("1.5"), None), ("S-ben", Decimal(2), None)]


def test_when_canvas_does_not_answer_the_others_are_not_tried(office: User, connection: CanvasConnection) -> None:
    file = upload(office, "S-ada,1.5,", "ben,2,")
    import_lookups.ask_for_students(file=file, asked_by=office)
    CanvasConnection.objects.update(is_token_refused=True)

    assert not import_lookups.look_up_some(file.pk)
    file.refresh_from_db()
    assert set(file.lookups.values()) == {"unreachable"}
