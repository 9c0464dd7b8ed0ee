"""The auditor's job: the evidence of one student on one exam, and the reports of a student and of a course."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accommodations.models import ActionLogEntry, PairStatus
from accommodations.models.log_guard import install, remove
from accommodations.services import action_log
from accommodations.services.action_log import LogRecord
from tests.accommodations.views_a.conftest import ROLES, Campus, add_pair, at_most_queries
from tests.factories import make_accommodation, make_assessment, make_enrollment, make_run, make_student

AsRole = Callable[[str], Client]
GIVEN = "Quiz 8: 60 min becomes 90 min (1.5×)."


def write_confirmed(campus: Campus, sentence: str = GIVEN) -> None:
    """Log a write of a run, from its intent to Canvas's answer."""
    request_id, run = uuid4(), make_run()
    about = {"student": campus.amara, "course": campus.own, "assessment": campus.quiz, "run": run}
    action_log.record_many(
        [
            LogRecord(act="canvas.write.started", request_id=request_id, payload={"sentence": sentence}, **about),
            LogRecord(
                act="canvas.write.applied",
                outcome="applied",
                request_id=request_id,
                payload={"status_code": 200},
                **about,
            ),
        ]
    )


def text_of(client: Client, name: str, pk: int) -> str:
    return " ".join(client.get(reverse(name, args=[pk])).content.decode().split())


def test_job9_the_evidence_answers_all_four_questions(campus: Campus, as_role: AsRole) -> None:
    write_confirmed(campus)
    as_role("coordinator").get(reverse("student_detail", args=[campus.amara.pk]))
    auditor = as_role("auditor")

    page = text_of(auditor, "pair_evidence", campus.own_pair.pk)

    assert f"Canvas holds what it last confirmed: <strong>{GIVEN}</strong>" in page
    assert "recorded by Coordinator Person" in page
    assert "Canvas answered 200" in page
    assert "Coordinator Person: 1 time, last" in page
    assert "The entries on this page hold" in page
    assert "Auditor Person: 1 time" in text_of(auditor, "pair_evidence", campus.own_pair.pk), "and this look too"


def test_job9_what_came_after_the_exam_opened_is_told_apart(campus: Campus, as_role: AsRole) -> None:
    PairStatus.objects.filter(pk=campus.own_pair.pk).update(opens_at=datetime.now(UTC) - timedelta(hours=1))
    write_confirmed(campus)

    page = text_of(as_role("auditor"), "pair_evidence", campus.own_pair.pk)

    assert "<strong>Leeway had written nothing here.</strong>" in page
    assert "Written after it opened" in page
    assert "<dt>Accepted</dt><dd>not before it opened; first <time" in page


def test_job9_what_canvas_never_confirmed_is_said(campus: Campus, as_role: AsRole) -> None:
    assert "<dt>Accepted</dt><dd>never</dd>" in text_of(as_role("auditor"), "pair_evidence", campus.own_pair.pk)


def test_f32_an_entry_of_the_timeline_that_was_forged_is_said_on_the_page(campus: Campus, as_role: AsRole) -> None:
    write_confirmed(campus)
    forged = ActionLogEntry.objects.get(act="canvas.write.applied")
    remove(connection)
    ActionLogEntry.objects.filter(pk=forged.pk).update(at=forged.at - timedelta(days=3))
    install(connection)

    assert "An entry on this page was changed" in text_of(as_role("auditor"), "pair_evidence", campus.own_pair.pk)


def test_b04_no_private_note_is_in_evidence_report_or_export(campus: Campus, as_role: AsRole) -> None:
    auditor = as_role("auditor")
    urls = [
        reverse("pair_evidence", args=[campus.own_pair.pk]),
        *(reverse(name, args=[campus.amara.pk]) for name in ("student_report", "student_report_export")),
        *(reverse(name, args=[campus.own.pk]) for name in ("course_report", "course_report_export")),
    ]
    for url in urls:
        response = auditor.get(url)
        content = b"".join(response) if response.streaming else response.content
        assert "Only for the office." not in content.decode(), url


def test_a37_a_students_report_names_no_classmate(campus: Campus, as_role: AsRole) -> None:
    add_pair(campus.bo, campus.quiz)

    page = text_of(as_role("auditor"), "student_report", campus.amara.pk)

    assert "Amara Okonkwo" in page
    assert "Quiz 8" in page
    assert "Lindqvist" not in page


def test_a37_a_courses_report_has_a_sheet_for_each_student_and_each_look_is_logged(
    campus: Campus, as_role: AsRole
) -> None:
    add_pair(campus.bo, campus.quiz)

    page = text_of(as_role("auditor"), "course_report", campus.own.pk)

    assert page.count("report-sheet") == 2
    amara, bo = (
        page.split('class="report-sheet')[1:]
        if "Okonkwo" in page.split('class="report-sheet')[1]
        else (page.split('class="report-sheet')[:0:-1])
    )
    assert "Lindqvist" not in amara
    assert "Okonkwo" not in bo
    assert ActionLogEntry.objects.filter(act="student.viewed").count() == 2
    assert ActionLogEntry.objects.get(act="report.opened").course_id_logged == campus.own.pk


@pytest.mark.parametrize("role", ROLES)
def test_b02_reports_as_csv_are_for_the_office_and_auditors(role: str, campus: Campus, as_role: AsRole) -> None:
    expected = 200 if role in {"coordinator", "director", "auditor"} else 404
    client = as_role(role)
    assert client.get(reverse("student_report_export", args=[campus.amara.pk])).status_code == expected
    assert client.get(reverse("course_report_export", args=[campus.own.pk])).status_code == expected


def rows_of(client: Client, name: str, pk: int) -> list[dict[str, str]]:
    content = b"".join(client.get(reverse(name, args=[pk]))).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_job9_the_csv_of_a_student_says_what_was_approved_by_whom_and_when_confirmed(
    campus: Campus, as_role: AsRole
) -> None:
    found = rows_of(as_role("auditor"), "student_report_export", campus.amara.pk)

    assert [row["Assessment"] for row in found] == ["Quiz 8"]
    assert found[0]["Minutes for the student"] == "90"
    assert "recorded by Coordinator Person" in found[0]["Approved"]
    assert found[0]["Confirmed by Canvas"]
    entry = ActionLogEntry.objects.get(act="report.exported")
    assert entry.student_id_logged == campus.amara.pk


def test_b22_b23_no_cell_is_a_formula_and_the_name_of_the_file_is_plain(campus: Campus, as_role: AsRole) -> None:
    campus.quiz.name, campus.own.course_code = '=HYPERLINK("http://evil")', 'A/../"\r\nX: 1'
    campus.quiz.save()
    campus.own.save()

    response = as_role("auditor").get(reverse("course_report_export", args=[campus.own.pk]))

    row = next(csv.DictReader(io.StringIO(b"".join(response).decode("utf-8-sig"))))
    assert row["Assessment"].startswith("'=")
    assert response["Content-Disposition"].startswith('attachment; filename="report-course-A-X-1-')


@pytest.mark.parametrize("name", ["student_report", "course_report", "pair_evidence"])
def test_reports_ask_the_database_a_constant_number_of_times(name: str, campus: Campus, as_role: AsRole) -> None:
    auditor = as_role("auditor")
    for number in range(12):
        student = make_student()
        make_accommodation(student)
        make_enrollment(student, campus.own)
        add_pair(student, campus.quiz)
        add_pair(campus.amara, make_assessment(campus.own, name=f"Extra {number}"))
        write_confirmed(campus)
    pk = {"student_report": campus.amara.pk, "course_report": campus.own.pk, "pair_evidence": campus.own_pair.pk}

    with at_most_queries():
        auditor.get(reverse(name, args=[pk[name]]))
