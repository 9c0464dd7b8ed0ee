"""One worker at a time on a course."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accommodations.errors import CourseBusy, LeaseLost
from accommodations.locks import course_lease
from accommodations.models import Course, CourseLease

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    return Course.objects.create(canvas_course_id=1, name="Botany", state="available", time_zone="UTC")


def is_course_held(course: Course) -> bool:
    return CourseLease.objects.filter(course=course, expires_at__gte=timezone.now()).exists()


def run_out(course: Course) -> None:
    CourseLease.objects.filter(course=course).update(expires_at=timezone.now() - timedelta(seconds=1))


def test_f08_a_second_worker_is_turned_away_while_the_lease_lasts(course: Course) -> None:
    with course_lease(course), pytest.raises(CourseBusy), course_lease(course):
        pytest.fail("two workers hold one course")


def test_the_lease_is_free_again_afterwards(course: Course) -> None:
    with course_lease(course):
        assert is_course_held(course)
    assert not is_course_held(course)
    with course_lease(course):
        pass


def test_f02_the_lease_is_free_again_after_an_error(course: Course) -> None:
    with pytest.raises(RuntimeError), course_lease(course):
        raise RuntimeError
    assert not is_course_held(course)


def test_f08_a_lease_that_ran_out_is_taken_over_and_the_old_holder_is_told(course: Course) -> None:
    with course_lease(course) as old:
        run_out(course)
        with course_lease(course) as new:
            with pytest.raises(LeaseLost):
                old.renew()
            new.renew()
            assert CourseLease.objects.get(course=course).holder == new.holder


def test_f08_an_old_holder_that_ends_does_not_free_the_new_ones_lease(course: Course) -> None:
    old = course_lease(course)
    old.__enter__()
    run_out(course)
    with course_lease(course):
        old.__exit__(None, None, None)
        assert is_course_held(course)


def test_renewing_extends_the_lease(course: Course) -> None:
    with course_lease(course) as lease:
        CourseLease.objects.filter(course=course).update(expires_at=timezone.now() + timedelta(seconds=1))
        lease.renew()
        assert CourseLease.objects.get(course=course).expires_at > timezone.now() + timedelta(seconds=30)
