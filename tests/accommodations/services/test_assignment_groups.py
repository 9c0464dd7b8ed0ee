"""Accommodations for certain assignment groups, from the record to Canvas and back, on the small university."""

from typing import Any

import pytest
from django.utils import timezone

from accommodations.models import AssignmentGroup, Course, PairStatus, Student
from accommodations.selectors.assignment_groups import (
    accommodations_without_their_group,
    notes_on_accommodations,
    suggested_names,
    with_groups_of_courses,
)
from accommodations.services import preview
from accommodations.services.snapshots import foresee_statuses
from tests.accommodations.services.conftest import (
    University,
    give,
    statuses,
    sync_now,
    time_and_a_half,
    two_days_later,
)

IN_EXAMS: dict[str, Any] = {"assignment_groups": ("exams",)}


@pytest.fixture
def exams(university: University) -> Any:
    """Let the midterm stand in the group Exams, and the essay in the one that every course has."""
    group = university.state.add_assignment_group(university.course, "Exams")
    midterm = university.state.assignments[university.quiz.assignment_id]
    midterm.assignment_group_id = group.id
    return group


def names_asked_for(university: University) -> int:
    return sum(one.path.endswith("/assignment_groups") for one in university.requests)


def test_only_assessments_of_the_named_group_get_the_grant_and_the_names_are_asked_for_once(
    university: University, exams: Any, ada: Student
) -> None:
    university.forget_requests()
    give(ada, time_and_a_half(**IN_EXAMS), two_days_later(**IN_EXAMS))
    assert names_asked_for(university) == 1, "overrides were written and the course was read again"
    assert university.extra_time_of(university.ada) == (30, 0)
    assert university.overrides_of(university.ada, university.paper) == []
    assert statuses() == {("ada", "Midterm"): "read_back"}
    before = university.picture()
    university.forget_requests()
    sync_now()
    assert (university.writes, university.picture()) == ([], before)
    assert suggested_names(ada) == [("Assignments", "Assignments (BOT 101)"), ("Exams", "Exams (BOT 101)")]


def test_r3_an_assessment_that_leaves_the_group_gives_back_what_we_put(
    university: University, exams: Any, ada: Student
) -> None:
    give(ada, time_and_a_half(**IN_EXAMS), two_days_later(**IN_EXAMS))
    midterm = university.state.assignments[university.quiz.assignment_id]
    midterm.assignment_group_id = university.paper.assignment_group_id
    sync_now()
    assert university.extra_time_of(university.ada) == (0, 0)
    assert university.overrides_of(university.ada) == []
    assert statuses() == {}
    known = with_groups_of_courses(Student.objects.all()).get(pk=ada.pk)
    assert notes_on_accommodations(known, ada.accommodations.all()) == {}, "the course has such a group, an empty one"


def test_r1_a_renamed_group_takes_nothing_away_and_the_office_is_told(
    university: University, exams: Any, ada: Student
) -> None:
    give(ada, time_and_a_half(**IN_EXAMS))
    exams.name = "Tests"
    before = university.picture()
    sync_now()
    sync_now()
    assert university.picture() == before
    assert statuses() == {("ada", "Midterm"): "read_back"}
    [(row, [note])] = accommodations_without_their_group()
    assert (row.student, note) == (
        ada,
        "The assignment group “exams” is called “Tests” in BOT 101 now: it still counts there.",
    )
    university.state.add_assignment_group(university.course, "Exams")
    sync_now()
    assert university.extra_time_of(university.ada) == (0, 0), "the name is another group's now"
    assert accommodations_without_their_group() == []


def test_r13_a_group_that_was_deleted_is_told_to_the_office(university: University, exams: Any, ada: Student) -> None:
    give(ada, time_and_a_half(**IN_EXAMS))
    university.state.assignments[
        university.quiz.assignment_id
    ].assignment_group_id = university.paper.assignment_group_id
    university.state.assignment_groups.remove(exams)
    sync_now()
    assert AssignmentGroup.objects.get(name="Exams").is_deleted
    [(_, notes)] = accommodations_without_their_group()
    assert notes == ["There is no assignment group “exams” in BOT 101."]
    assert suggested_names(ada) == [("Assignments", "Assignments (BOT 101)")]


def test_r3_what_is_in_place_is_kept_while_the_names_have_not_been_read(
    university: University, exams: Any, ada: Student
) -> None:
    give(ada, time_and_a_half())
    values = time_and_a_half(**IN_EXAMS)
    shown = preview.preview_accommodation(student=ada, values=values, now=timezone.now())
    assert shown.changed_count == 0
    [note] = shown.group_notes
    assert "reads the assignment groups of BOT 101 before it writes" in note
    row = ada.accommodations.get()
    row.assignment_groups = ["exams"]
    row.save()
    foresee_statuses(ada, Course.objects.all())
    assert set(PairStatus.objects.values_list("status", flat=True)) == {"waiting"}
    sync_now()
    assert statuses() == {("ada", "Midterm"): "read_back"}
    again = preview.preview_accommodation(
        student=ada, values=time_and_a_half(assignment_groups=("Exams", "Labs")), now=timezone.now()
    )
    assert again.group_notes == ("There is no assignment group “Labs” in BOT 101.",)


def test_an_assessment_that_comes_into_a_named_group_is_covered_at_the_next_sync(
    university: University, exams: Any, ada: Student
) -> None:
    give(ada, time_and_a_half(**IN_EXAMS), two_days_later(assignment_groups=("Exams", "Late")))
    assert university.overrides_of(university.ada, university.paper) == []
    university.paper.assignment_group_id = university.state.add_assignment_group(university.course, "Late").id
    sync_now()
    assert len(university.overrides_of(university.ada, university.paper)) == 1
