"""Sync runs: the list, a plan that waits to be read, its approval, and the page that follows by itself."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.models import CourseSync, InstitutionSettings, PairStatus, Student, SyncAction, SyncRun
from accommodations.planning.statuses import Reason
from tests import factories
from tests.accommodations.views_b.conftest import HTMX, SignIn, add_actions, make_plan

pytestmark = pytest.mark.django_db


def detail(run: SyncRun) -> str:
    return reverse("sync_run_detail", args=[run.pk])


def apply(run: SyncRun) -> str:
    return reverse("sync_run_apply", args=[run.pk])


def poll(client: Client, run: SyncRun, seen: str = "") -> Any:
    return client.get(reverse("sync_run_status", args=[run.pk]), {"seen": seen}, headers=HTMX)


def announced(response: Any) -> str:
    header = response.headers.get("HX-Trigger")
    return str(json.loads(header)["announce"]["text"]) if header else ""


def token_of(response: Any) -> str:
    return str(response.content.decode().split("seen=")[1].split('"')[0].split("&")[0])


# The plan


def test_a_plan_shows_each_change_before_and_after_with_its_sentence(coordinator: Client, student: Student) -> None:
    run, _ = make_plan(student)

    page = coordinator.get(detail(run)).content.decode()

    assert f"Plan of run {run.pk}: 2 changes, not yet in Canvas" in page
    assert "BIO 101: Introductory Biology" in page
    assert '<span class="change__from">60</span>' in page
    assert '<span class="change__to">90 min</span>' in page
    assert "60 min becomes 90 min (1.5×)." in page
    assert "Apply these 2 changes" in page
    assert "None takes anything away." in page


def test_a_plan_says_what_it_leaves_alone_and_why(coordinator: Client, student: Student) -> None:
    run, part = make_plan(student)
    paper = factories.make_assessment(part.course, name="Group presentation")
    factories.make_pair(student, paper, reason=Reason.GROUP_ASSIGNMENT, sentence="One date for all members.")
    factories.make_pair(student, factories.make_assessment(part.course, name="Quiz 1"), reason=Reason.READ_BACK)

    page = coordinator.get(detail(run)).content.decode()

    assert "1 left alone, and why" in page
    assert "One date for all members." in page
    assert reverse("pair_detail", args=[PairStatus.objects.get(assessment=paper).pk]) in page


def test_what_takes_something_back_is_counted_beside_the_button(coordinator: Client, student: Student) -> None:
    run, part = make_plan(student)
    add_actions(part, student, 1, is_shrinking=True)

    page = coordinator.get(detail(run)).content.decode()

    assert "1 takes something back." in page
    assert "Takes back" in page


def test_changes_for_others_in_the_same_courses_are_named(coordinator: Client, student: Student) -> None:
    run, part = make_plan(student)
    add_actions(part, factories.make_student(name="Ingrid Solheim"), 1)

    page = coordinator.get(detail(run)).content.decode()

    assert "1 is for other students: they were waiting in the same courses." in page
    assert "Ingrid Solheim" in page


def test_applying_approves_exactly_the_plan_that_was_read(coordinator: Client, student: Student) -> None:
    run, part = make_plan(student)

    response = coordinator.post(apply(run), {f"digest-{part.pk}": part.plan_digest})

    part.refresh_from_db()
    assert response.headers["Location"] == detail(run)
    assert part.is_approved


def test_b09_a_plan_that_changed_since_it_was_read_is_shown_again(coordinator: Client, student: Student) -> None:
    run, part = make_plan(student)

    plain = coordinator.post(apply(run), {f"digest-{part.pk}": "e" * 64}, follow=True)
    swapped = coordinator.post(apply(run), {f"digest-{part.pk}": "e" * 64}, headers=HTMX)

    part.refresh_from_db()
    assert not part.is_approved
    assert "The plan has changed since you read it." in plain.content.decode()
    assert "The plan has changed since you read it." in announced(swapped)
    assert "data-focus" in swapped.content.decode()


def test_b09_a_double_click_has_one_effect(coordinator: Client, student: Student) -> None:
    run, part = make_plan(student)
    posted = {f"digest-{part.pk}": part.plan_digest}

    coordinator.post(apply(run), posted)
    second = coordinator.post(apply(run), posted, follow=True)

    assert "changed since you read it" not in second.content.decode()
    assert SyncRun.objects.get().course_syncs.filter(is_approved=True).count() == 1


@pytest.mark.parametrize("name", ["digest-x", "digest-", "digest-１", "digest-99999999999999999999", "digest-999999"])
def test_b09_a_digest_of_another_course_approves_nothing(coordinator: Client, student: Student, name: str) -> None:
    run, part = make_plan(student)

    response = coordinator.post(apply(run), {name: part.plan_digest})

    part.refresh_from_db()
    assert response.status_code == 302
    assert not part.is_approved


def test_applying_with_htmx_takes_the_focus_to_the_heading_and_announces(coordinator: Client, student: Student) -> None:
    run, part = make_plan(student)

    response = coordinator.post(apply(run), {f"digest-{part.pk}": part.plan_digest}, headers=HTMX)

    page = response.content.decode()
    assert "<html" not in page
    assert 'id="run-h" tabindex="-1" data-focus' in page
    assert announced(response) == f"Run {run.pk}: applying 2 changes has started."


def test_a_plan_can_be_left_to_the_next_sync(coordinator: Client, student: Student) -> None:
    run, part = make_plan(student)

    coordinator.post(reverse("sync_run_cancel", args=[run.pk]))

    run.refresh_from_db()
    assert run.status == SyncRun.Status.CANCELLED
    assert set(part.actions.values_list("status", flat=True)) == {"dropped"}


def test_a_long_plan_is_read_page_by_page_and_applied_whole(coordinator: Client, student: Student) -> None:
    run, _ = make_plan(student, changes=101)

    first = coordinator.get(detail(run)).content.decode()
    second = coordinator.get(detail(run), {"page": "2"}).content.decode()

    assert "1 to 100 of 101" in first
    assert "101 to 101 of 101" in second
    assert "Apply these 101 changes" in second


# Following a run


def test_a_poll_without_news_answers_204(coordinator: Client, student: Student) -> None:
    run, _ = make_plan(student, status=SyncRun.Status.RUNNING)
    first = poll(coordinator, run)

    assert first.status_code == 200
    assert poll(coordinator, run, token_of(first)).status_code == 204


def test_a13_start_each_quarter_failure_and_end_are_announced_once(coordinator: Client, student: Student) -> None:
    run, part = make_plan(student, changes=8, status=SyncRun.Status.RUNNING)
    CourseSync.objects.filter(pk=part.pk).update(status=CourseSync.Status.APPLYING, is_approved=True)
    said, seen = [], ""
    for action in [None, *part.actions.all()]:
        if action is not None:
            status = SyncAction.Status.REFUSED if action.position == 2 else SyncAction.Status.APPLIED
            SyncAction.objects.filter(pk=action.pk).update(status=status)
        response = poll(coordinator, run, seen)
        seen = token_of(response)
        said.append(announced(response))
    CourseSync.objects.filter(pk=part.pk).update(status=CourseSync.Status.PARTIAL)
    SyncRun.objects.filter(pk=run.pk).update(status=SyncRun.Status.PARTIAL)
    last = poll(coordinator, run, seen)

    start = f"Run {run.pk}: "
    assert [sentence.removeprefix(start) for sentence in said if sentence] == [
        "applying 8 changes has started.",
        "25 percent done.",
        "37 percent done, 1 failed.",
        "50 percent done, 1 failed.",
        "75 percent done, 1 failed.",
        "100 percent done, 1 failed.",
    ]
    assert last.status_code == 286
    assert announced(last) == f"Run {run.pk} has ended: done in part. 7 applied, 1 failed."


def test_a_poll_stops_when_the_plan_waits_to_be_read(coordinator: Client, student: Student) -> None:
    run, _ = make_plan(student)

    response = poll(coordinator, run, "observing-0-0_1_0_0_0_0_0")

    assert response.status_code == 286
    assert "hx-trigger" not in response.content.decode().split("<form")[0]
    assert announced(response) == "The plan is ready to be read: 2 changes."


def test_a36_without_script_the_run_page_has_a_refresh_link(coordinator: Client, student: Student) -> None:
    run, _ = make_plan(student, status=SyncRun.Status.RUNNING)

    assert f'id="run-refresh" href="{detail(run)}"' in coordinator.get(detail(run)).content.decode()


def test_a_poll_by_a_browser_without_script_leads_to_the_page(coordinator: Client, student: Student) -> None:
    run, _ = make_plan(student)

    response = coordinator.get(reverse("sync_run_status", args=[run.pk]))

    assert response.headers["Location"] == detail(run)


def test_what_failed_stands_first_with_canvas_own_words(coordinator: Client, student: Student) -> None:
    run, part = make_plan(student, changes=3, status=SyncRun.Status.PARTIAL)
    CourseSync.objects.filter(pk=part.pk).update(status=CourseSync.Status.PARTIAL)
    part.actions.update(status=SyncAction.Status.APPLIED)
    part.actions.filter(position=2).update(
        status=SyncAction.Status.REFUSED, status_code=404, message="<b>The specified resource does not exist.</b>"
    )

    page = coordinator.get(detail(run)).content.decode()

    assert "1 change did not reach Canvas" in page
    assert "Canvas said (404):" in page
    assert "&lt;b&gt;The specified resource does not exist.&lt;/b&gt;" in page
    assert page.index("The specified resource") < page.index("Accepted</span>")


# Starting


def test_a_course_sync_of_the_office_waits_to_be_read(coordinator: Client, student: Student) -> None:
    course = student.enrollments.get().course

    first = coordinator.post(reverse("start_course_sync", args=[course.pk]))
    second = coordinator.post(reverse("start_course_sync", args=[course.pk]), headers=HTMX)

    run = SyncRun.objects.get()
    assert run.reads_before_applying
    assert first.headers["Location"] == detail(run)
    assert second.headers["HX-Redirect"] == detail(run), "the running one is shown, not a second one started"


def test_a_student_sync_covers_the_student(coordinator: Client, student: Student) -> None:
    coordinator.post(reverse("start_student_sync", args=[student.pk]))
    coordinator.post(reverse("start_student_sync", args=[student.pk]))

    assert SyncRun.objects.get().student == student


def test_an_instructor_starts_a_sync_of_an_own_course_and_reads_it(sign_in: SignIn, student: Student) -> None:
    instructor = sign_in("instructor")
    course = student.enrollments.get().course
    factories.make_teaching(factories.make_linked_person(instructor.user), course)

    response = instructor.post(reverse("start_course_sync", args=[course.pk]))

    run = SyncRun.objects.get()
    part = run.course_syncs.get()
    add_actions(part, student, 1)
    page = instructor.get(response.headers["Location"]).content.decode()
    assert not run.reads_before_applying
    assert "60 min becomes 90 min" in page
    assert "Stop this run" not in page
    assert reverse("student_detail", args=[student.pk]) not in page
    assert instructor.post(apply(run), {f"digest-{part.pk}": part.plan_digest}).status_code == 403


def test_a_section_limited_instructor_reads_only_the_own_section(sign_in: SignIn, student: Student) -> None:
    instructor = sign_in("instructor")
    course = student.enrollments.get().course
    other = factories.make_student(name="Ingrid Solheim")
    factories.make_enrollment(other, course, canvas_section_id=77)
    factories.make_teaching(
        factories.make_linked_person(instructor.user),
        course,
        canvas_section_id=77,
        is_limited_to_section=True,
    )
    instructor.post(reverse("start_course_sync", args=[course.pk]))
    part = CourseSync.objects.get()
    for each in (student, other):
        add_actions(part, each, 1)

    page = instructor.get(detail(part.run)).content.decode()

    assert "Ingrid Solheim" in page
    assert student.name not in page


def test_b03_an_instructor_knows_nothing_of_other_courses_and_runs(sign_in: SignIn, student: Student) -> None:
    instructor = sign_in("instructor")
    course = student.enrollments.get().course
    run, _ = make_plan(student)

    assert instructor.post(reverse("start_course_sync", args=[course.pk])).status_code == 404
    factories.make_teaching(factories.make_linked_person(instructor.user), course)
    assert instructor.get(detail(run)).status_code == 404, "the office's run, although it touches the own course"
    assert poll(instructor, run).status_code == 404


def test_an_administrator_sees_numbers_and_no_names(sign_in: SignIn, student: Student) -> None:
    run, _ = make_plan(student)

    page = sign_in("administrator").get(detail(run)).content.decode()

    assert "2 changes" in page
    assert student.name not in page


# The list


def test_the_list_has_the_newest_run_first_and_says_its_state(coordinator: Client, student: Student) -> None:
    old = factories.make_run(status=SyncRun.Status.DONE)
    run, _ = make_plan(student)

    page = coordinator.get(reverse("sync_run_list")).content.decode()

    assert page.index(f"Run {run.pk}") < page.index(f"Run {old.pk}")
    assert "Waits to be read" in page
    assert "2 changes" in page


def test_the_list_without_runs_says_when_the_first_comes(coordinator: Client) -> None:
    assert "No run yet." in coordinator.get(reverse("sync_run_list")).content.decode()


@pytest.mark.parametrize("page", ["-1", "1000000000", "x", ""])
def test_b18_a_page_that_does_not_exist_shows_one_that_does(coordinator: Client, student: Student, page: str) -> None:
    make_plan(student)

    assert coordinator.get(reverse("sync_run_list"), {"page": page}).status_code == 200


def test_the_list_is_a_part_for_htmx(coordinator: Client, student: Student) -> None:
    make_plan(student)

    page = coordinator.get(reverse("sync_run_list"), headers=HTMX).content.decode()

    assert page.lstrip().startswith("<section")


def test_q06_pages_ask_the_database_as_often_for_many_rows_as_for_few(
    coordinator: Client, student: Student, django_assert_max_num_queries: Any
) -> None:
    run, part = make_plan(student, changes=90)
    for number in range(30):
        factories.make_run(requested_by=factories.make_user(username=f"starter{number}"), student=student)
        factories.make_pair(student, part.actions.all()[number].assessment, reason=Reason.COURSE_CONCLUDED)

    InstitutionSettings.current()

    with django_assert_max_num_queries(12):
        coordinator.get(detail(run))
    with django_assert_max_num_queries(10):
        coordinator.get(reverse("sync_run_list"))
