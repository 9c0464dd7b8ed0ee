"""One student's effective dates, and what each caller reads: section 7 of the contract."""

from datetime import UTC, datetime, timedelta

import pytest

from canvas_bridge.sandbox.rules.effective_dates import effective_dates, is_assigned
from canvas_bridge.sandbox.state import OMITTED


def day(number):
    return datetime(2026, 12, number, 17, 0, tzinfo=UTC)


@pytest.fixture
def essay(campus):
    campus.essay.due_at = day(10)
    campus.essay.unlock_at = day(1)
    campus.essay.lock_at = day(20)
    return campus.essay


def dates_of(state, item, student):
    dates = effective_dates(state, item, student.id)
    return dates.unlock_at, dates.due_at, dates.lock_at


def test_c7_3_fields_mix_each_from_its_own_supplier(state, campus, essay):
    state.add_override(essay, students=[campus.ana], due_at=day(12))
    state.add_override(essay, section=campus.morning, lock_at=day(25))
    assert dates_of(state, essay, campus.ana) == (day(1), day(12), day(25))
    assert dates_of(state, essay, campus.bao) == (day(1), day(10), day(25))
    assert dates_of(state, essay, campus.chidi) == (day(1), day(10), day(20))


@pytest.mark.parametrize(("ad_hoc_wins", "due"), [(True, day(5)), (False, day(15))])
def test_c7_3_an_ad_hoc_date_wins_even_if_earlier_unless_switched(state, campus, essay, ad_hoc_wins, due):
    state.switches.adhoc_wins = ad_hoc_wins
    state.add_override(essay, students=[campus.ana], due_at=day(5))
    state.add_override(essay, section=campus.morning, due_at=day(15))
    assert effective_dates(state, essay, campus.ana.id).due_at == due


@pytest.mark.parametrize(
    ("field", "one", "other", "expected"),
    [
        ("due_at", day(12), day(14), day(14)),
        ("lock_at", day(12), day(14), day(14)),
        ("unlock_at", day(2), day(3), day(2)),
        ("due_at", day(12), None, None),
        ("unlock_at", day(2), None, None),
        ("due_at", day(2), OMITTED, day(2)),
    ],
)
def test_c7_3_of_several_sections_the_most_lenient_date_counts(state, campus, essay, field, one, other, expected):
    state.enroll(campus.ana, campus.course, section=campus.evening)
    state.add_override(essay, section=campus.morning, **{field: one})
    state.add_override(essay, section=campus.evening, **{field: other})
    assert getattr(effective_dates(state, essay, campus.ana.id), field) == expected


def test_c7_3_an_unlock_of_a_section_override_that_has_locked_is_dropped(state, campus, essay):
    state.add_override(essay, section=campus.morning, unlock_at=day(3), lock_at=state.now() - timedelta(days=1))
    assert effective_dates(state, essay, campus.ana.id).unlock_at == day(1)
    state.add_override(essay, students=[campus.bao], unlock_at=day(4), lock_at=state.now() - timedelta(days=1))
    assert effective_dates(state, essay, campus.bao.id).unlock_at == day(4)


def test_c7_3_a_section_of_a_concluded_enrollment_counts_only_where_nothing_else_assigns(state, campus, essay):
    state.add_override(essay, section=campus.morning, due_at=day(15))
    state.enrollments.first("course_user", (campus.course.id, campus.ana.id)).workflow_state = "completed"
    assert effective_dates(state, essay, campus.ana.id).due_at == day(10)
    essay.only_visible_to_overrides = True
    assert effective_dates(state, essay, campus.ana.id).due_at == day(15)


def test_c7_1_groups_of_the_assignments_set_and_tags_count(state, campus, essay):
    projects = state.add_group_category(campus.course, "Projects")
    essay.group_category_id = projects.id
    state.add_override(essay, group=state.add_group(projects, "Project 1", campus.ana), due_at=day(15))
    other = state.add_group(state.add_group_category(campus.course, "Other"), "Other 1", campus.bao)
    state.add_override(essay, group=other, due_at=day(16))
    tags = state.add_group_category(campus.course, "Tags", non_collaborative=True)
    state.add_override(essay, group=state.add_group(tags, "Tag", campus.chidi), due_at=day(17))
    dues = [effective_dates(state, essay, one.id).due_at for one in (campus.ana, campus.bao, campus.chidi)]
    assert dues == [day(15), day(10), day(17)]


def test_c7_1_the_override_for_everyone_needs_an_active_enrollment(state, campus, essay):
    state.add_override(essay, for_everyone=True, due_at=day(15))
    state.enrollments.first("course_user", (campus.course.id, campus.ana.id)).workflow_state = "inactive"
    assert effective_dates(state, essay, campus.ana.id).due_at == day(10)
    assert effective_dates(state, essay, campus.bao.id).due_at == day(15)


def test_c7_2_unassigning_drops_what_comes_after_it(state, campus, essay):
    state.add_override(essay, section=campus.morning, unassign_item=True)
    state.add_override(essay, for_everyone=True, due_at=day(15))
    state.add_override(essay, students=[campus.ana], due_at=day(12))
    assert effective_dates(state, essay, campus.ana.id).due_at == day(12)
    assert effective_dates(state, essay, campus.bao.id).due_at == day(10)
    assigned = [is_assigned(state, essay, one.id) for one in (campus.ana, campus.bao, campus.chidi)]
    assert assigned == [True, False, True]


def test_c7_2_where_only_overrides_assign_the_others_do_not_have_it(state, ana, campus, essay, caller_for):
    essay.only_visible_to_overrides = True
    state.add_override(essay, students=[campus.ana], due_at=day(12))
    path = f"/courses/{campus.course.id}/assignments"
    assert essay.id in [one["id"] for one in ana.get(path).json()]
    bao = caller_for(state, campus.bao)
    assert essay.id not in [one["id"] for one in bao.get(path).json()]
    assert bao.get(f"{path}/{essay.id}").status_code == 403


def test_c7_5_a_student_reads_their_own_dates_and_the_base_dates_on_request(state, ana, campus, essay):
    state.add_override(essay, students=[campus.ana], due_at=day(12))
    path = f"/courses/{campus.course.id}/assignments/{essay.id}"
    assert ana.get(path).json()["due_at"] == "2026-12-12T17:00:00Z"
    assert ana.get(f"{path}?override_assignment_dates=false").json()["due_at"] == "2026-12-10T17:00:00Z"


def test_c7_5_staff_read_collapsed_dates_unless_they_ask_for_the_base(state, teacher, campus, essay):
    state.add_override(essay, students=[campus.ana], due_at=day(5), lock_at=day(30))
    path = f"/courses/{campus.course.id}/assignments/{essay.id}"
    collapsed = teacher.get(path).json()
    assert (collapsed["due_at"], collapsed["lock_at"]) == ("2026-12-10T17:00:00Z", "2026-12-30T17:00:00Z")
    base = teacher.get(f"{path}?override_assignment_dates=false").json()
    assert (base["due_at"], base["lock_at"]) == ("2026-12-10T17:00:00Z", "2026-12-20T17:00:00Z")


def test_c7_5_with_an_override_for_every_section_the_base_is_left_out(state, teacher, campus, essay):
    for section in (campus.morning, campus.evening):
        state.add_override(essay, section=section, due_at=day(5))
    path = f"/courses/{campus.course.id}/assignments/{essay.id}"
    assert teacher.get(path).json()["due_at"] == "2026-12-05T17:00:00Z"


def test_c7_6_quizzes_show_base_dates_to_staff_and_their_own_to_students(state, teacher, ana, campus):
    state.add_override(campus.quiz, students=[campus.ana], due_at=day(12))
    path = f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}"
    assert teacher.get(path).json()["due_at"] == campus.due.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert ana.get(path).json()["due_at"] == "2026-12-12T17:00:00Z"


def test_c7_4_submissions_carry_the_students_due_date(state, admin, campus, essay):
    state.add_override(essay, students=[campus.ana], due_at=day(12))
    path = f"/courses/{campus.course.id}/assignments/{essay.id}/submissions"
    due = {row["user_id"]: row["cached_due_date"] for row in admin.get(path).json()}
    assert due[campus.ana.id] == "2026-12-12T17:00:00Z"
    assert due[campus.bao.id] == "2026-12-10T17:00:00Z"
