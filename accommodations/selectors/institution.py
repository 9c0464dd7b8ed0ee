"""What a change of the institution's settings would do that one might not think of, before it is saved."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, Q

from accommodations.models import Accommodation, Assessment, InstitutionSettings, PairStatus, Teaching
from accommodations.planning.rules import WindowMode
from accommodations.planning.statuses import Status
from accommodations.roles import DIRECTOR
from canvas_bridge.facts import AssessmentKind

STOPS_LITTLE = 1000
EVERYTHING = 100


def state_of(row: InstitutionSettings) -> str:
    """Return a short code of all settings as they stand: another code means that somebody changed one meanwhile."""
    values = {field.attname: str(getattr(row, field.attname)) for field in row._meta.concrete_fields}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def warnings_of(row: InstitutionSettings, changes: Mapping[str, Any], *, now: datetime) -> list[str]:
    """Return what would hurt, for the settings that change; `row` is as stored, `changes` what was typed."""
    changed = {name: value for name, value in changes.items() if getattr(row, name) != value}
    found = [
        *_of_two_people(changed),
        *_of_exams(row, changed, now),
        *_of_new_quizzes(changed),
        *_of_guard(changed),
        *_of_who_sees(changed),
    ]
    return [words for words in found if words]


def _of_two_people(changed: Mapping[str, Any]) -> list[str]:
    if changed.get("two_person_approval"):
        approvers = User.objects.filter(Q(groups__name=DIRECTOR) | Q(is_superuser=True), is_active=True)
        number = approvers.distinct().count()
        if number == 0:
            return ["Nobody may approve: there is no active director. What is recorded would wait for ever."]
        if number == 1:
            return ["Only one person may approve. What they record themselves, nobody else could approve."]
    if changed.get("two_person_approval") is False:
        drafts = Accommodation.objects.filter(status=Accommodation.Status.DRAFT).count()
        return [f"{drafts} draft{_s(drafts)} still wait{'' if drafts > 1 else 's'} for approval." if drafts else ""]
    return []


def _of_exams(row: InstitutionSettings, changed: Mapping[str, Any], now: datetime) -> list[str]:
    found = []
    minutes = changed.get("exam_window_minutes")
    if minutes is not None and minutes < row.exam_window_minutes:
        number = _windows_between(minutes, row.exam_window_minutes, now)
        found.append(
            f"{number} assessment{_s(number)} ahead would no longer count as an exam: "
            "extra time that was given by a later closing time is taken back there."
            if number
            else ""
        )
    if changed.get("window_mode") == WindowMode.FIT.value:
        found.append("Closing times that were moved without need move back. The safety guard counts them.")
    if "time_zone" in changed:
        found.append("Days begin and end at another hour: accommodations begin and end with them.")
    return found


def _windows_between(shortest: int, longest: int, now: datetime) -> int:
    ahead = Assessment.objects.filter(
        time_limit_minutes=None, is_deleted=False, lock_at__gt=now, unlock_at__lt=F("lock_at")
    )
    ahead = ahead.annotate(window=F("lock_at") - F("unlock_at"))
    return ahead.filter(window__gt=timedelta(minutes=shortest), window__lte=timedelta(minutes=longest)).count()


def _of_new_quizzes(changed: Mapping[str, Any]) -> list[str]:
    if changed.get("nobody_sets_new_quizzes_by_hand") is not False:
        return []
    waiting = PairStatus.objects.filter(assessment__kind=AssessmentKind.NEW_QUIZ.value, status=Status.WAITING).count()
    also = f" {waiting} wait{'' if waiting != 1 else 's'} now." if waiting else ""
    return [f"New Quizzes that Leeway has not written to yet wait until a person has looked at each.{also}"]


def _of_guard(changed: Mapping[str, Any]) -> list[str]:
    found = []
    if changed.get("guard_percent") == EVERYTHING:
        found.append("The safety guard would stop nothing in a single course.")
    if (changed.get("guard_course_actions") or 0) >= STOPS_LITTLE:
        found.append("The safety guard would hardly stop anything in a course.")
    if (changed.get("guard_run_actions") or 0) >= STOPS_LITTLE:
        found.append("The safety guard would hardly stop a whole run.")
    if changed.get("doubt_percent") == EVERYTHING:
        found.append("A list of enrollments that Canvas gives by half would be believed, and what it lacks taken back.")
    return found


def _of_who_sees(changed: Mapping[str, Any]) -> list[str]:
    found = []
    if changed.get("assistants_see_courses"):
        people = Teaching.objects.filter(is_assistant=True).values("person").distinct().count()
        found.append(
            f"{people} teaching assistant{_s(people)} would see at once what students of their courses get."
            if people
            else ""
        )
    if changed.get("log_retention_years") is not None:
        found.append("What an administrator then takes out of the log cannot be put back.")
    return found


def _s(number: int) -> str:
    return "" if number == 1 else "s"
