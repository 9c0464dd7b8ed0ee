"""Coverage: the list behind every number, and the derivation of one pair."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.models import ActionLogEntry
from accommodations.planning.statuses import Reason, Status
from tests.accommodations.views_a.conftest import Campus, add_pair, at_most_queries
from tests.accommodations.views_a.test_students import PART, csv_rows, text_of
from tests.factories import make_assessment

MANY = (
    Reason.READ_BACK,
    Reason.COURSE_END,
    Reason.REFUSED,
    Reason.SHARED_OVERRIDE,
    Reason.CLOSED,
    Reason.NO_TIME_LIMIT,
)


@pytest.fixture
def many(campus: Campus) -> Campus:
    """Return the campus with a pair of several statuses for Amara."""
    for reason in MANY:
        add_pair(campus.amara, make_assessment(campus.own, name=f"On {reason}"), reason)
    return campus


def test_the_list_narrows_by_status_and_reason(many: Campus, as_role: Callable[[str], Client]) -> None:
    client = as_role("auditor")
    with at_most_queries():
        everything = text_of(client.get(reverse("pair_list")))
    assert "8 found" in everything
    failed = text_of(client.get(reverse("pair_list") + "?status=failed&status=held"))
    assert "2 found" in failed
    assert "On refused" in failed
    assert "On shared_override" in failed
    assert "1 found" in text_of(client.get(reverse("pair_list") + "?reason=course_end"))


@pytest.mark.parametrize(
    "query", ["status=bogus", "reason=bogus", "course=x", "course=99999999999", "exam=2", "sort=evil", "student=-1"]
)
def test_b18_unknown_conditions_are_left_out(query: str, many: Campus, as_role: Callable[[str], Client]) -> None:
    assert as_role("auditor").get(f"{reverse('pair_list')}?{query}").status_code == 200


def test_the_list_narrows_by_course_student_and_exam(many: Campus, as_role: Callable[[str], Client]) -> None:
    client = as_role("coordinator")
    assert "1 found" in text_of(client.get(f"{reverse('pair_list')}?course={many.foreign.pk}"))
    told = text_of(client.get(f"{reverse('pair_list')}?student={many.bo.pk}"))
    assert "Everything of Bo Lindqvist." in told
    assert "0 found" in text_of(client.get(f"{reverse('pair_list')}?exam=1"))


def test_what_is_over_comes_after_what_is_ahead(campus: Campus, as_role: Callable[[str], Client]) -> None:
    ago = datetime.now(UTC) - timedelta(days=9)
    old = make_assessment(campus.own, name="Long gone", unlock_at=ago, due_at=ago, lock_at=ago)
    add_pair(campus.amara, old, Reason.OVER)
    page = text_of(as_role("coordinator").get(reverse("pair_list")))
    assert page.index("Quiz 8") < page.index("Long gone")


def test_a_search_over_students_and_assessments_is_posted(many: Campus, as_role: Callable[[str], Client]) -> None:
    response = as_role("coordinator").post(
        reverse("pair_list") + "?status=in_place", {"q": "bo critique"}, headers=PART
    )
    assert "1 found" in text_of(response)
    assert "critique" not in response["HX-Replace-Url"]


def test_the_export_holds_the_narrowed_rows(many: Campus, as_role: Callable[[str], Client]) -> None:
    rows = csv_rows(as_role("director").get(reverse("pair_export") + "?status=short"))
    assert [row[2] for row in rows[1:]] == ["On course_end"]
    assert rows[1][3:5] == ["Short", "Course ends"]
    assert ActionLogEntry.objects.get(act="pairs.exported").payload.data == {"rows": 1}


def test_the_derivation_shows_each_field_four_times(campus: Campus, as_role: Callable[[str], Client]) -> None:
    client = as_role("coordinator")
    with at_most_queries():
        page = text_of(client.get(reverse("pair_detail", args=[campus.own_pair.pk])))
    assert "Quiz 8, BIO 101, for Amara Okonkwo" in page
    assert "60 min becomes 90 min (1.5×)." in page
    assert "<strong>90 min</strong>" in page
    for head in ("Class", "Without us", "Approved", "Canvas holds"):
        assert f'columnheader">{head}</th>' in page
    assert "60 × 0.5 = 30" in page, "the source is worked out"
    assert "is-source" in page


def test_the_reason_comes_with_what_to_do(campus: Campus, as_role: Callable[[str], Client]) -> None:
    held = add_pair(campus.amara, make_assessment(campus.own, name="Quiz 9"), Reason.SHARED_OVERRIDE)
    page = text_of(as_role("coordinator").get(reverse("pair_detail", args=[held.pk])))
    assert "Held: shared override" in page
    assert "Ask for one of the student’s own." in page


def test_what_cannot_be_read_is_not_claimed(campus: Campus, as_role: Callable[[str], Client]) -> None:
    quiz = make_assessment(campus.own, name="Final", kind="new_quiz")
    pair = add_pair(campus.amara, quiz, Reason.ACCEPTED)
    pair.outcome["observed"]["extra_minutes"] = None
    pair.save()
    page = text_of(as_role("coordinator").get(reverse("pair_detail", args=[pair.pk])))
    assert "cannot be read" in page
    assert "New Quizzes cannot be read back" in page


def test_a_missed_pair_asks_what_was_done_and_keeps_the_answer(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    missed = add_pair(campus.amara, make_assessment(campus.own, name="Quiz 9"), Reason.CLOSED)
    url = reverse("pair_detail", args=[missed.pk])
    client = as_role("coordinator")
    assert "What was done about it?" in text_of(client.get(url))
    response = client.post(url, {"note": "Sat again on Monday, 90 min."}, follow=True)
    page = text_of(response)
    assert "Written down." in page
    assert "Sat again on Monday, 90 min. (Coordinator Person, today" in page
    assert "What was done about it?" not in page
    missed.refresh_from_db()
    assert (missed.status, missed.settled_by) == (Status.MISSED, campus.users["coordinator"])


def test_an_empty_answer_is_refused_at_its_field(campus: Campus, as_role: Callable[[str], Client]) -> None:
    missed = add_pair(campus.amara, make_assessment(campus.own, name="Quiz 9"), Reason.CLOSED)
    page = text_of(as_role("coordinator").post(reverse("pair_detail", args=[missed.pk]), {"note": "  "}))
    assert "<title>Error: " in page
    assert 'href="#id_note"' in page
    assert page.count("Write what was done, by whom and when.") == 2, "in the summary and at the field"
    assert 'aria-invalid="true"' in page
    missed.refresh_from_db()
    assert missed.settled_at is None


def test_b08_extra_fields_of_the_form_are_ignored(campus: Campus, as_role: Callable[[str], Client]) -> None:
    missed = add_pair(campus.amara, make_assessment(campus.own, name="Quiz 9"), Reason.CLOSED)
    forged = {"note": "Done.", "status": "in_place", "settled_by": campus.users["auditor"].pk}
    as_role("coordinator").post(reverse("pair_detail", args=[missed.pk]), forged)
    missed.refresh_from_db()
    assert (missed.status, missed.settled_by) == (Status.MISSED, campus.users["coordinator"])


def test_an_instructor_marks_done_by_hand_what_is_outside_canvas(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    paper = add_pair(campus.amara, make_assessment(campus.own, name="Lab", kind="on_paper"), Reason.OUTSIDE_CANVAS)
    url = reverse("pair_detail", args=[paper.pk])
    client = as_role("instructor")
    assert "Done by hand?" in text_of(client.get(url))
    words = {"note": "23 min more, in the lab."}
    assert "Enter the day on which it was done" in text_of(client.post(url, words))
    assert "1 Dec 2095 is still to come." in text_of(client.post(url, words | {"done_on": "1 Dec 2095"}))
    client.post(url, words | {"done_on": "2 Nov 2025"})
    paper.refresh_from_db()
    assert (paper.settled_note, paper.settled_on) == ("23 min more, in the lab.", date(2025, 11, 2))
    assert "Done on" in text_of(client.get(url))


def test_a_settled_pair_is_not_settled_twice(campus: Campus, as_role: Callable[[str], Client]) -> None:
    missed = add_pair(campus.amara, make_assessment(campus.own, name="Quiz 9"), Reason.CLOSED)
    url = reverse("pair_detail", args=[missed.pk])
    client = as_role("coordinator")
    client.post(url, {"note": "First."})
    assert client.post(url, {"note": "Second."}).status_code == 403
    missed.refresh_from_db()
    assert missed.settled_note == "First."


def test_an_instructor_reads_words_for_instructors(campus: Campus, as_role: Callable[[str], Client]) -> None:
    held = add_pair(campus.amara, make_assessment(campus.own, name="Quiz 9"), Reason.SHARED_OVERRIDE)
    page = text_of(as_role("instructor").get(reverse("pair_detail", args=[held.pk])))
    assert "Being decided" in page
    assert reverse("student_detail", args=[campus.amara.pk]) not in page
    assert "What applies, and what counts" not in page


@pytest.mark.parametrize("role", ["coordinator", "instructor"])
def test_a_running_attempt_that_is_short_stands_above_its_own_page(
    role: str, campus: Campus, as_role: Callable[[str], Client]
) -> None:
    quiz = make_assessment(campus.own, name="Quiz 9", html_url="https://canvas.example/courses/1/quizzes/9")
    pair = add_pair(campus.amara, quiz, Reason.RUNNING_ATTEMPT_SHORT)
    pair.short_by_minutes = 30
    pair.save()
    page = text_of(as_role(role).get(reverse("pair_detail", args=[pair.pk])))
    assert page.index("Running attempt short by 30 min") < page.index("<h1>")
    assert reverse("attempt_extend", args=[pair.pk]) in page
    assert "See why" not in page, "a page does not link to itself"


def test_an_instructor_is_told_to_extend_an_attempt_that_runs_short(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    pair = add_pair(campus.amara, make_assessment(campus.own, name="Quiz 9"), Reason.RUNNING_ATTEMPT_SHORT)
    pair.short_by_minutes = 30
    pair.save()
    client = as_role("instructor")
    for url in (reverse("pair_detail", args=[pair.pk]), reverse("course_detail", args=[campus.own.pk])):
        page = text_of(client.get(url))
        assert "Extend the running attempt by 30 min now: you see the new end first." in page
        assert "Nothing for you to do" not in page
