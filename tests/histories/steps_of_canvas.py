"""What happens in Canvas past Leeway: instructors by the API and on Canvas's pages, students, and the registrar."""

from typing import Any

from accommodations.models import LedgerEntry
from canvas_bridge.sandbox.records.assessments import Assignment, Override, Quiz
from tests import invariants
from tests.histories.campus import Campus
from tests.histories.steps import ANYBODY, POSITION, between, dates, hours, one_of, picked, some_of, step

Hours = dict[str, int | None]


def instants(campus: Campus, said: Hours) -> dict[str, Any]:
    """Return drawn hours as Canvas takes dates."""
    return {name: None if by is None else text(campus, by) for name, by in said.items()}


def text(campus: Campus, by: int) -> str:
    """Return an instant so many hours from now, as Canvas takes it."""
    return (campus.now + hours(by)).isoformat().replace("+00:00", "Z")


def chosen(campus: Campus, position: int) -> Assignment:
    """Return an assignment of any course."""
    found: Assignment = picked(campus.assignments, position)
    return found


def address(assignment: Assignment, more: str = "") -> str:
    """Return where the API has the assignment."""
    return f"/api/v1/courses/{assignment.course_id}/assignments/{assignment.id}{more}"


def page(campus: Campus, act: str, **values: Any) -> None:
    """Let somebody act on Canvas's own pages."""
    answer = campus.ask("POST", "/_sandbox/act", {"act": act, **values})
    assert answer.status_code in (200, 400, 404), answer.text


def ours(campus: Campus) -> list[Override]:
    """Return the overrides that Leeway's ledger names."""
    rows = LedgerEntry.objects.filter(taken_back_at=None, part=LedgerEntry.Part.OVERRIDE).order_by("pk")
    found = [campus.state.overrides.get(row.value.get("canvas_override_id")) for row in rows]
    return [one for one in found if one is not None and one.workflow_state == "active"]


@step(weight=4, who=ANYBODY, position=POSITION, said=dates)
def instructor_sets_dates(campus: Campus, who: str, position: int, said: Hours) -> None:
    """The instructor gives one student dates of their own, or edits those that stand there."""
    assignment, user = chosen(campus, position), campus.people[who]
    standing = campus.override_of(user, assignment)
    body: dict[str, Any] = {"assignment_override": instants(campus, said)}
    if standing is not None:
        campus.ask("PUT", address(assignment, f"/overrides/{standing.id}"), body)
    else:
        body["assignment_override"] |= {"student_ids": [user.id]}
        campus.ask("POST", address(assignment, "/overrides"), body)


@step(position=POSITION, whom=some_of("ada", "ben", "cem", "dee", least=2), said=dates)
def instructor_shares_an_override(campus: Campus, position: int, whom: list[str], said: Hours) -> None:
    """The instructor gives several students one override, where they have none."""
    assignment = chosen(campus, position)
    free = [user.id for user in map(campus.people.get, whom) if user and campus.override_of(user, assignment) is None]
    if free:
        body = {"assignment_override": {"student_ids": free, **instants(campus, said)}}
        campus.ask("POST", address(assignment, "/overrides"), body)


@step(position=POSITION, by=one_of(-40, -3, 3, 60), name=one_of("due_at", "lock_at", "unlock_at"))
def instructor_moves_a_date_of_ours(campus: Campus, position: int, by: int, name: str) -> None:
    """The instructor shortens or extends what Leeway wrote."""
    override = picked(ours(campus), position)
    if override is None or override.assignment_id is None:
        return
    at = getattr(override, name)
    kept = {one: _shown(getattr(override, one)) for one in ("unlock_at", "due_at", "lock_at")}
    kept[name] = None if at is None else _shown(at + hours(by))
    path = address(campus.state.assignments[override.assignment_id], f"/overrides/{override.id}")
    campus.ask("PUT", path, {"assignment_override": kept})


def _shown(at: Any) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")


@step(position=POSITION, who=ANYBODY)
def instructor_adds_a_student_to_ours(campus: Campus, position: int, who: str) -> None:
    """The instructor puts another student into an override of ours, which everybody named there then shares."""
    override = picked(ours(campus), position)
    if override is None or override.assignment_id is None:
        return
    assignment, user = campus.state.assignments[override.assignment_id], campus.people[who]
    if campus.override_of(user, assignment) is None:
        kept = {one: _shown(getattr(override, one)) for one in ("unlock_at", "due_at", "lock_at")}
        body = {"assignment_override": {**kept, "student_ids": [*override.student_ids, user.id]}}
        campus.ask("PUT", address(assignment, f"/overrides/{override.id}"), body)


@step(who=ANYBODY, position=POSITION)
def instructor_deletes_an_override(campus: Campus, who: str, position: int) -> None:
    """The instructor deletes a student's override, whoever made it."""
    assignment = chosen(campus, position)
    standing = campus.override_of(campus.people[who], assignment)
    if standing is not None:
        campus.ask("DELETE", address(assignment, f"/overrides/{standing.id}"))


@step(position=POSITION, target=between(0, 9), said=dates, unassigns=one_of(*[False] * 7, True))
def instructor_gives_many_dates(campus: Campus, position: int, target: int, said: Hours, unassigns: bool) -> None:
    """The instructor gives a section, a group or a tag dates of its own, or takes the assessment from it."""
    assignment = chosen(campus, position)
    sections = [one for one in campus.state.sections if one.course_id == assignment.course_id]
    groups = [one for one in campus.world.groups if one.course_id == assignment.course_id]
    targets: list[dict[str, Any]] = [{"course_section_id": one.id} for one in sections]
    targets += [{"group_id": one.id} for one in groups]
    body = {"assignment_override": {**picked(targets, target), **instants(campus, said)}}
    if unassigns:
        body["assignment_override"] = {**picked(targets, target), "unassign_item": True}
    campus.ask("POST", address(assignment, "/overrides"), body)


@step(position=POSITION)
def instructor_ends_dates_of_many(campus: Campus, position: int) -> None:
    """The instructor deletes an override of a section, a group or a tag."""
    found = [one for one in campus.state.overrides if one.set_type != "ADHOC" and one.workflow_state == "active"]
    override = picked(found, position)
    if override is not None and override.assignment_id is not None:
        assignment = campus.state.assignments[override.assignment_id]
        campus.ask("DELETE", address(assignment, f"/overrides/{override.id}"))


@step(weight=3, position=POSITION, opens=one_of(-40, 1, 5, 30, 60, 200), span=one_of(1, 2, 5, 120, None))
def instructor_moves_the_class(campus: Campus, position: int, opens: int, span: int | None) -> None:
    """The instructor moves the class's dates, or takes the ends away."""
    closes = None if span is None else text(campus, opens + span)
    body = {"assignment": {"unlock_at": text(campus, opens), "due_at": closes, "lock_at": closes}}
    campus.ask("PUT", address(chosen(campus, position)), body)


@step(position=POSITION, limit=one_of(20, 45, 60, 200, None), by_form=one_of(True, False))
def instructor_changes_the_limit(campus: Campus, position: int, limit: int | None, by_form: bool) -> None:
    """The instructor changes a quiz's time limit: on its page, which lengthens running attempts, or by the API."""
    quiz = picked(campus.quizzes, position)
    if by_form:
        page(campus, "change_time_limit", quiz_id=quiz.id, time_limit=limit)
    else:
        path = f"/api/v1/courses/{quiz.course_id}/quizzes/{quiz.id}"
        campus.ask("PUT", path, {"quiz": {"time_limit": limit}})


@step(weight=3, position=POSITION, renew=one_of(True, False), merge=one_of(True, False), tray=one_of(True, False))
def instructor_saves_the_page(campus: Campus, position: int, renew: bool, merge: bool, tray: bool) -> None:
    """The instructor saves the assignment's page, which touches every override on it (F35)."""
    act = "save_assign_to_tray" if tray else "save_assignment_page"
    more = {} if tray else {"merge_equal_dates": merge}
    values = {"assignment_id": chosen(campus, position).id, "renew_ids": renew, "user_id": campus.teacher.id}
    page(campus, act, **values, **more)


@step(who=ANYBODY, position=POSITION, minutes=one_of(0, 5, 45), attempts=between(0, 2))
def instructor_moderates_a_quiz(campus: Campus, who: str, position: int, minutes: int, attempts: int) -> None:
    """The instructor sets a student's extension of a classic quiz by hand."""
    quiz = picked(campus.quizzes, position)
    row = {"user_id": campus.people[who].id, "extra_time": minutes, "extra_attempts": attempts}
    campus.set_by_hand_at = campus.now
    campus.ask("POST", f"/api/v1/courses/{quiz.course_id}/quizzes/{quiz.id}/extensions", {"quiz_extensions": [row]})


@step(position=POSITION, who=one_of("ada", "ben", None))
def instructor_empties_the_moderate_page(campus: Campus, position: int, who: str | None) -> None:
    """The instructor empties a quiz's Moderate page, for one student or for all."""
    only = {} if who is None else {"user_id": campus.people[who].id}
    campus.set_by_hand_at = campus.now
    page(campus, "empty_moderate_page", quiz_id=picked(campus.quizzes, position).id, **only)


@step(position=POSITION, is_published=one_of(True, False))
def instructor_publishes(campus: Campus, position: int, is_published: bool) -> None:
    """The instructor publishes or unpublishes something."""
    campus.ask("PUT", address(chosen(campus, position)), {"assignment": {"published": is_published}})


@step(weight=1, position=POSITION)
def instructor_deletes_an_assessment(campus: Campus, position: int) -> None:
    """The instructor deletes an assessment."""
    campus.ask("DELETE", address(chosen(campus, position)))


@step(weight=1, position=POSITION, is_locked=one_of(True, False))
def blueprint_locks(campus: Campus, position: int, is_locked: bool) -> None:
    """A blueprint course locks dates, or lets them go."""
    restrictions = ["due_dates", "availability_dates"] if is_locked else []
    page(campus, "restrict_by_blueprint", assignment_id=chosen(campus, position).id, restrictions=restrictions)


@step(position=POSITION, opens=one_of(2, 30, 90), limit=one_of(30, 50, None))
def instructor_makes_a_quiz(campus: Campus, position: int, opens: int, limit: int | None) -> None:
    """The instructor makes another quiz tonight."""
    course = picked(campus.courses, position)
    opens_at = campus.now + hours(opens)
    quiz = campus.state.add_quiz(
        course, f"Quiz {len(campus.quizzes)}", time_limit=limit, unlock_at=opens_at, lock_at=opens_at + hours(1)
    )
    campus.quizzes.append(quiz)


# Students


def _is_open(campus: Campus, quiz: Quiz, user: int) -> bool:
    item = quiz if quiz.assignment_id is None else campus.state.assignments[quiz.assignment_id]
    seen = invariants.given(campus.state, item, user)
    has_opened = seen.unlock_at is None or seen.unlock_at <= campus.now
    return seen.has_it and has_opened and (seen.lock_at is None or seen.lock_at > campus.now)


@step(weight=3, who=ANYBODY, position=POSITION)
def student_begins(campus: Campus, who: str, position: int) -> None:
    """A student begins a quiz that is open to them, or was unlocked for them by hand."""
    quiz, user = picked(campus.quizzes, position), campus.people[who]
    row = campus.state.quiz_submissions.first("quiz_user", (quiz.id, user.id))
    is_unlocked = row is not None and bool(row.manually_unlocked)
    is_at_rest = row is None or row.workflow_state in ("settings_only", "complete")
    if quiz.published and is_at_rest and (is_unlocked or _is_open(campus, quiz, user.id)):
        page(campus, "start_attempt", quiz_id=quiz.id, user_id=user.id)


@step(weight=3, who=ANYBODY, position=POSITION)
def student_hands_in(campus: Campus, who: str, position: int) -> None:
    """A student hands in a running attempt, or a paper."""
    user = campus.people[who]
    running = [
        one for one in campus.state.quiz_submissions if one.user_id == user.id and one.workflow_state == "untaken"
    ]
    if running:
        campus.state.complete_attempt(picked(running, position))
        return
    paper = picked([one for one in campus.papers if not one.is_new_quiz], position)
    if paper.published and paper.workflow_state == "published":
        campus.state.submit(paper, user)


# The registrar


TASKS = one_of("conclude", "deactivate", "delete", "enroll", "enroll", "move")


@step(weight=3, who=ANYBODY, position=POSITION, task=TASKS)
def registrar_acts(campus: Campus, who: str, position: int, task: str) -> None:
    """An enrollment ends, begins again, or another section is added."""
    state, user, course = campus.state, campus.people[who], picked(campus.courses, position)
    if user.workflow_state == "deleted":
        return
    rows = state.enrollments.where("course_user", (course.id, user.id))
    live = [one for one in rows if one.workflow_state in ("active", "invited")]
    if task in ("enroll", "move") or not live:
        sections = [one for one in state.sections if one.course_id == course.id]
        section = sections[-1 if task == "move" else 0]
        if all(one.section_id != section.id for one in live):
            state.enroll(user, course, section=section)
        return
    path = f"/api/v1/courses/{course.id}/enrollments/{live[0].id}?task={task}"
    campus.ask("DELETE", path, token=campus.registrars_token)


@step(weight=1)
def registrar_cross_lists(campus: Campus) -> None:
    """The visiting section moves into another course, or back."""
    section = campus.world.visiting
    if section is None:
        return
    path = f"/api/v1/sections/{section.id}/crosslist"
    if section.nonxlist_course_id is not None:
        campus.ask("DELETE", path, token=campus.registrars_token)
    else:
        campus.ask("POST", f"{path}/{campus.courses[0].id}", token=campus.registrars_token)


@step(weight=1, who=ANYBODY, position=POSITION)
def student_changes_group(campus: Campus, who: str, position: int) -> None:
    """A student leaves a group, or joins it."""
    user, group = campus.people[who], picked(campus.world.groups, position)
    rows = [one for one in campus.state.memberships.where("group", group.id) if one.user_id == user.id]
    if rows:
        rows[0].workflow_state = "deleted" if rows[0].workflow_state == "accepted" else "accepted"
    elif any(one.course_id == group.course_id for one in campus.state.enrollments.where("user", user.id)):
        campus.state.add_membership(group, user)


@step(weight=1, position=between(0, 9), event=one_of("conclude", "offer"))
def registrar_concludes_a_course(campus: Campus, position: int, event: str) -> None:
    """A course is concluded, or offered again."""
    if position < 6:
        return
    course = picked(campus.courses, position)
    campus.ask("PUT", f"/api/v1/courses/{course.id}", {"course": {"event": event}}, token=campus.registrars_token)
