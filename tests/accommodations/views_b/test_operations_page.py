"""The operator's page: figures for directors and administrators, and no person on it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accommodations.models import Alert, CourseSync, GuardStop, SyncRun
from accommodations.planning.statuses import Reason
from accommodations.services.director_alerts import WORDS
from tests.accommodations.views_b.conftest import SignIn
from tests.factories import (
    make_assessment,
    make_connection,
    make_course,
    make_course_sync,
    make_pair,
    make_run,
    make_set_aside,
    make_student,
)

pytestmark = pytest.mark.django_db


def page_of(client: Client) -> str:
    return " ".join(client.get(reverse("operations")).content.decode().split())


def test_it_names_what_is_not_well_and_what_to_do(sign_in: SignIn) -> None:
    page = page_of(sign_in("administrator"))
    assert "<strong>Unconnected.</strong> No Canvas is connected." in page
    assert "<strong>Silent.</strong> No sign of life." in page
    assert "need a look" in page


def test_r17_it_counts_grants_and_names_nobody(sign_in: SignIn) -> None:
    student = make_student(name="Amara Okonkwo")
    make_pair(student, make_assessment(make_course()), reason=Reason.UNREACHABLE)
    page = page_of(sign_in("administrator"))
    assert '<th scope="row" role="rowheader">Failed</th> <td role="cell" data-label="Number" class="num">1</td>' in page
    assert "Amara" not in page


def test_f03_a_quarantined_course_is_shown_to_the_director(sign_in: SignIn) -> None:
    run = SyncRun.objects.create(trigger="hourly", status="failed")
    course = make_course(course_code="CHEM 210")
    make_set_aside(course, course_sync=CourseSync.objects.create(run=run, course=course, status="failed"))
    assert f"Run {run.pk}: CHEM 210" in page_of(sign_in("director"))


def test_without_anything_it_says_so(sign_in: SignIn) -> None:
    page = page_of(sign_in("director"))
    assert "Every grant that can be in Canvas is in Canvas." in page
    assert "Runs of the last 24 hours</dt><dd>none" in page
    assert "Nothing stands that directors are told of by mail." in page


def test_it_shows_each_alert_that_stands_with_its_number_and_what_to_do(sign_in: SignIn) -> None:
    """R17: the same words as in the mails, and no person."""
    student, course, now = make_student(name="Amara Okonkwo"), make_course(course_code="CHEM 210"), timezone.now()
    exam = make_assessment(course)
    soon = {"is_exam": True, "opens_at": now + timedelta(hours=5), "since": now - timedelta(hours=1)}
    make_pair(student, exam, reason=Reason.REFUSED, **soon)
    make_pair(make_student(), exam, reason=Reason.REFUSED, **soon)
    make_pair(student, make_assessment(course), reason=Reason.RUNNING_ATTEMPT_SHORT)
    make_pair(student, make_assessment(course), reason=Reason.CLOSED, is_exam=True)
    make_connection(is_token_refused=True)
    sync = make_course_sync(make_run(), course)
    make_set_aside(course, course_sync=sync)
    GuardStop.objects.create(course=course, run=sync.run, digest="1" * 64, message="Much at once.", stopped_at=now)
    for kind in Alert.Kind:
        Alert.objects.create(kind=kind, course=course, student=student, assessment=exam, raised_at=now)

    page = page_of(sign_in("administrator"))

    for event, words in WORDS.items():
        row = page.split(f"{words.title[0].upper()}{words.title[1:]}<span", 1)[1].split("</tr>", 1)[0]
        assert 'class="num">1</td>' in row, event
        assert words.do[1:] in row, event
    assert "Amara" not in page
