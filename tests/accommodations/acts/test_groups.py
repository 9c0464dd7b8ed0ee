"""A group assignment is held, and the members concerned are named to those who may see them."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from accommodations.models import CourseSnapshot, PairStatus
from tests.accommodations.acts.conftest import ada_in_leeway, begin_with
from tests.accommodations.services.conftest import University, give, in_days, two_days_later
from tests.factories import make_linked_person, make_teaching, make_user

pytestmark = pytest.mark.django_db


@dataclass
class GroupWork:
    """Ada's pair on a group assignment that she does together with Ben and Cleo; Dan is in another group."""

    university: University
    pair: PairStatus


def a_group_works_together(university: University) -> GroupWork:
    state, course = university.state, university.course
    people = {name: state.add_user(name, login_id=name.split()[0].lower()) for name in ("Cleo Marsh", "Dan Ruiz")}
    for user in people.values():
        state.enroll(user, course)
    teams = state.add_group_category(course, "Teams")
    state.add_group(teams, "Team Fern", university.ada, university.ben, people["Cleo Marsh"])
    state.add_group(teams, "Team Moss", people["Dan Ruiz"])
    state.add_assignment(
        course, "Joint report", due_at=in_days(8), lock_at=in_days(9), group_category=teams, created_at=in_days(-20)
    )
    university.forget_requests()
    ada = ada_in_leeway()
    give(ada, two_days_later())
    return GroupWork(university, PairStatus.objects.get(student=ada, assessment__name="Joint report"))


@pytest.fixture(scope="module")
def beginning(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[GroupWork]:
    yield from begin_with(a_group_works_together, django_db_blocker)


@pytest.fixture
def pair(begun: GroupWork) -> PairStatus:
    return begun.pair


def page(role: str, pair: PairStatus, name: str = "pair_detail", **teaching: object) -> str:
    client, user = Client(), make_user(role)
    if role == "instructor":
        make_teaching(make_linked_person(user), pair.course, **teaching)
    client.force_login(user)
    pk = {"pair_detail": pair.pk, "course_detail": pair.course_id, "student_detail": pair.student_id}.get(name)
    return client.get(reverse(name, args=[pk] if pk else [])).content.decode()


def test_it_is_held_with_the_members_of_the_group(pair: PairStatus) -> None:
    assert (pair.status, pair.reason) == ("held", "group_assignment")
    for name in ("pair_detail", "course_detail", "student_detail"):
        shown = page("coordinator", pair, name)
        assert "In the group “Team Fern”: Ben Ito, Cleo Marsh." in shown, name
        assert "Dan Ruiz" not in shown


def test_b03_an_instructor_of_the_course_reads_the_names(pair: PairStatus) -> None:
    assert "Ben Ito, Cleo Marsh" in page("instructor", pair)


def test_b03_a_section_limited_instructor_reads_only_how_many(pair: PairStatus) -> None:
    section = pair.course.enrollments.get(student=pair.student).canvas_section_id
    shown = page("instructor", pair, is_limited_to_section=True, canvas_section_id=section)
    assert "The group has 2 other members." in shown
    assert "Ben Ito" not in shown


def test_b03_a_student_reads_no_classmates_name(pair: PairStatus) -> None:
    client, user = Client(), make_user("student")
    make_linked_person(user, canvas_user_id=pair.student.canvas_user_id)
    client.force_login(user)
    for url in (reverse("pair_detail", args=[pair.pk]), reverse("own_page")):
        shown = client.get(url).content.decode()
        assert "Joint report" in shown
        assert "Ben Ito" not in shown
        assert "Team Fern" not in shown


def test_q02_the_groups_of_a_course_cost_one_request(pair: PairStatus, university: University) -> None:
    lists = [one for one in university.requests if one.path.endswith("/groups")]
    reads = [one for one in university.requests if one.path.endswith("/assignments")]
    assert len(lists) <= len(reads), "one for each reading of the course, however many groups and sets"


def test_groups_of_other_students_are_not_kept(pair: PairStatus) -> None:
    facts = CourseSnapshot.objects.get(course=pair.course).facts
    assert [group["name"] for group in facts["groups"]] == ["Team Fern"]
