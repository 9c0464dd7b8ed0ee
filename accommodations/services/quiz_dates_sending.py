"""Sending one student's dates on an ungraded quiz, reading the list back, and taking it back as it was."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User

from accommodations.codec import from_stored, to_stored
from accommodations.errors import ChangedSinceShown, LeewayError, NotPossible
from accommodations.locks import course_lease
from accommodations.models import Assessment, CanvasAct, Course, Student
from accommodations.services import acts
from accommodations.services.acts import Intent, Part, PartOutcome
from accommodations.services.acts_on_pairs import settled
from accommodations.services.course_look import CourseLook
from accommodations.services.quiz_dates import before_of, listed, own_of, preview_of, read_list, settings_of
from canvas_bridge.changes import ActOutcome, QuizDatesOfOne
from canvas_bridge.facts import Dates, DateSetting, ObservedOverride, QuizDates

KIND = CanvasAct.Kind.QUIZ_DATES
CHANGED = "The quiz’s dates have changed in Canvas since you read this. Nothing was sent. Here they are again."


def apply(
    course: Course,
    assessment: Assessment,
    student: Student,
    asked: Dates,
    *,
    shown_digest: str,
    key: UUID,
    asked_by: User,
) -> CanvasAct:
    """Write the dates that the page showed; every other entry goes back with its id, as it was read just before.

    Raises as `quiz_dates.preview`, ChangedSinceShown where the list is another one by now, CourseBusy while a sync is
    at work, ConfirmedBefore and ActAtWork as `acts.begin`.
    """
    with course_lease(course) as lease:
        course_look = CourseLook(course, before_request=lease.renew)
        seen = preview_of(course_look, assessment, student, asked)
        if seen.digest != shown_digest:
            raise ChangedSinceShown(CHANGED)
        asked_stored = {"dates": to_stored(seen.wanted), "override": "own"}
        intent = _intent(course, assessment, student, key, asked_by, asked=asked_stored, before=before_of(seen))
        act = acts.begin(intent)
        return _sent(act, course_look, seen.stands, seen.change, is_standing=True)


@dataclass(frozen=True, slots=True)
class TakingBack:
    """What taking an act back would do: `kind` of what stood there before, and the dates then."""

    act: CanvasAct
    stands: QuizDates
    own: ObservedOverride | None
    kind: str
    put: Dates
    before: Dates
    problem: str = ""

    @property
    def change(self) -> QuizDatesOfOne:
        """Return the change of the list that restores what stood there."""
        if self.act.student is None or self.own is None:
            raise NotPossible(self.problem or "Nothing of it stands in Canvas.")
        user_id, own_id = self.act.student.canvas_user_id, self.own.canvas_override_id
        if self.kind == "none":
            return QuizDatesOfOne(user_id, None, canvas_override_id=own_id)
        stood = from_stored(ObservedOverride, self.act.before["override"])
        if self.kind == "shared":
            joins = stood.canvas_override_id
            return QuizDatesOfOne(user_id, None, canvas_override_id=own_id, joins_canvas_override_id=joins)
        dates: tuple[DateSetting, DateSetting, DateSetting] = (stood.unlock, stood.due, stood.lock)
        return QuizDatesOfOne(user_id, dates, canvas_override_id=own_id)


def look_back(act: CanvasAct) -> TakingBack:
    """Read the list and return what taking the act back would do. Raises LeewayError where Canvas fails."""
    return _look_back(act, CourseLook(act.course))


def take_back(act: CanvasAct, *, key: UUID, asked_by: User) -> CanvasAct:
    """Restore for the student what stood there before the act; what somebody changed since stays (R3).

    Raises NotPossible, CourseBusy, ConfirmedBefore and ActAtWork.
    """
    with course_lease(act.course) as lease:
        course_look = CourseLook(act.course, before_request=lease.renew)
        back = _look_back(act, course_look)
        if back.problem or act.student is None or act.assessment is None:
            raise NotPossible(back.problem or "Nothing of it stands in Canvas.")
        change = back.change
        asked = {"dates": to_stored(back.before), "override": back.kind}
        before = {"kind": "own", "override": None, "held": to_stored(back.put)}
        intent = _intent(act.course, act.assessment, act.student, key, asked_by, asked=asked, before=before, undoes=act)
        return _sent(acts.begin(intent), course_look, back.stands, change, is_standing=False)


def _look_back(act: CanvasAct, course_look: CourseLook) -> TakingBack:
    if act.assessment is None or act.student is None:
        raise ValueError("dates are one student's, on one quiz")
    stands = read_list(course_look, act.assessment.canvas_quiz_id or 0)
    own = own_of(stands, act.student.canvas_user_id)
    put = from_stored(Dates, act.asked["dates"])
    return TakingBack(
        act=act,
        stands=stands,
        own=own,
        kind=str(act.before["kind"]),
        put=put,
        before=from_stored(Dates, act.before["held"]),
        problem=_why_not_back(act, stands, own, put),
    )


def _why_not_back(act: CanvasAct, stands: QuizDates, own: ObservedOverride | None, put: Dates) -> str:
    if own is None:
        acts.stop_standing(KIND, act.student, act.assessment)  # type: ignore[arg-type]  # checked by the caller
        return "Somebody has taken these dates away in Canvas already: nothing is left to take back."
    if len(own.canvas_user_ids) > 1 or (own.unlock, own.due, own.lock) != settings_of(put):
        acts.stop_standing(KIND, act.student, act.assessment)  # type: ignore[arg-type]  # checked by the caller
        return "Somebody has changed these dates in Canvas since. What they set stays; Leeway no longer looks after it."
    if act.before["kind"] == "shared":
        stood = from_stored(ObservedOverride, act.before["override"]).canvas_override_id
        if stood not in {one.canvas_override_id for one in stands.overrides}:
            return "The shared dates that the student was taken out of are gone in Canvas. Set other dates instead."
    return ""


def _intent(
    course: Course,
    assessment: Assessment,
    student: Student,
    key: UUID,
    asked_by: User,
    *,
    asked: dict[str, object],
    before: dict[str, object],
    undoes: CanvasAct | None = None,
) -> Intent:
    sentence = "What stood there before is restored." if undoes else "Own dates of the student, as a person asked."
    payload = {"before": {"dates": before["held"]}, "after": {"dates": asked["dates"]}, "sentence": sentence}
    return Intent(
        kind=KIND,
        lane=f"quiz_dates:{assessment.pk}",  # one list for the whole quiz: two writers would overwrite each other
        key=key,
        course=course,
        student=student,
        assessment=assessment,
        asked_by=asked_by,
        asked=asked,
        before=before,
        undoes=undoes,
        parts=[Part(student, assessment, payload)],
    )


def _sent(
    act: CanvasAct, course_look: CourseLook, stands: QuizDates, change: QuizDatesOfOne, *, is_standing: bool
) -> CanvasAct:
    """Send, read the list back (204 has no body), and write what came of it."""
    outcome = acts.sent(
        lambda: course_look.gateway.write_quiz_dates(
            canvas_course_id=act.course.canvas_course_id, stands=stands, change=change
        )
    )
    status = acts.STATUS_OF_OUTCOME[outcome.kind]
    if status in (CanvasAct.Status.REFUSED, CanvasAct.Status.UNREACHABLE):
        return _ended(act, status, outcome, None, is_standing=False)
    try:
        now = read_list(course_look, stands.canvas_quiz_id)
    except LeewayError:
        return _ended(act, CanvasAct.Status.UNKNOWN, outcome, None, is_standing=False)
    if status == CanvasAct.Status.APPLIED and _holds(act, now):
        return _ended(act, status, outcome, _after(act, stands, now, change), is_standing=is_standing)
    act = _ended(act, CanvasAct.Status.UNKNOWN, outcome, None, is_standing=False)
    return _settled(act, now)


def _ended(
    act: CanvasAct,
    status: CanvasAct.Status,
    outcome: ActOutcome,
    after: dict[str, object] | None,
    *,
    is_standing: bool,
) -> CanvasAct:
    payload = {"sent": outcome.sent, "status_code": outcome.status_code, "message": outcome.message, "after": after}
    return acts.end(
        act,
        status=status,
        outcomes=[PartOutcome(part, status.value, payload) for part in acts.parts_of(act)],
        message=outcome.message,
        after=after,
        is_standing=is_standing,
    )


def settle(act: CanvasAct, course_look: CourseLook) -> CanvasAct:
    """Decide an act of unknown outcome by the list that Canvas holds now. Raises LeewayError where it is not read."""
    quiz_id = act.assessment.canvas_quiz_id if act.assessment is not None else None
    return _settled(act, read_list(course_look, quiz_id or 0))


def _settled(act: CanvasAct, now: QuizDates) -> CanvasAct:
    return settled(act, has_arrived=_holds(act, now), is_standing=act.undoes_id is None)


def _holds(act: CanvasAct, now: QuizDates) -> bool:
    """Whether the list holds for the student what the act asked for."""
    if act.student is None:
        return False
    own, kind = own_of(now, act.student.canvas_user_id), act.asked["override"]
    if kind == "none":
        return own is None
    if kind == "shared":
        return own is not None and len(own.canvas_user_ids) > 1
    if act.undoes is not None:
        stood = from_stored(ObservedOverride, act.undoes.before["override"])
        return own is not None and (own.unlock, own.due, own.lock) == (stood.unlock, stood.due, stood.lock)
    wanted = settings_of(from_stored(Dates, act.asked["dates"]))
    return own is not None and len(own.canvas_user_ids) == 1 and (own.unlock, own.due, own.lock) == wanted


def _after(act: CanvasAct, stands: QuizDates, now: QuizDates, change: QuizDatesOfOne) -> dict[str, object]:
    """Return the override that now stands for the student, and whether everybody else's is just what it was (R2)."""
    touched = {change.canvas_override_id, change.leaves_canvas_override_id, change.joins_canvas_override_id}
    own = own_of(now, change.canvas_user_id)
    touched |= {own.canvas_override_id} if own is not None else set()
    return {
        "canvas_override_id": own.canvas_override_id if own is not None else None,
        "are_others_unchanged": _without(stands, touched) == _without(now, touched),
    }


def _without(stands: QuizDates, touched: set[int | None]) -> list[str]:
    kept = tuple(one for one in stands.overrides if one.canvas_override_id not in touched)
    return listed(QuizDates(stands.canvas_quiz_id, overrides=kept))
