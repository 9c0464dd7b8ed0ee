"""Marking an assessment as an exam: beside timed quizzes and short windows, an exam is what staff say is one."""

from django.contrib.auth.models import User
from django.db import transaction

from accommodations.codec import from_stored
from accommodations.models import Assessment, InstitutionSettings, PairStatus
from accommodations.planning.desired import is_exam_by_itself
from accommodations.planning.plan import PairOutcome
from accommodations.services import action_log


@transaction.atomic
def mark_exam(*, assessment: Assessment, is_marked: bool, marked_by: User) -> bool:
    """Mark an assessment as an exam or take that back, log it and tell its pairs at once; whether it changed anything.

    Nothing in Canvas depends on it, so no sync is asked for: the next one plans with the mark.
    """
    row = Assessment.objects.select_for_update(of=("self",)).select_related("course").get(pk=assessment.pk)
    if row.is_marked_exam == is_marked:
        return False
    row.is_marked_exam = is_marked
    row.save(update_fields=["is_marked_exam"])
    act = "assessment.marked_exam" if is_marked else "assessment.unmarked_exam"
    action_log.record(act=act, actor=marked_by, course=row.course, assessment=row)
    _tell_pairs(row)
    return True


def _tell_pairs(assessment: Assessment) -> None:
    window = InstitutionSettings.current().exam_window_minutes
    pairs = list(PairStatus.objects.select_for_update(of=("self",)).filter(assessment=assessment))
    for pair in pairs:
        pair.is_exam = assessment.is_marked_exam or is_exam_by_itself(
            assessment.time_limit_minutes,
            from_stored(PairOutcome, pair.outcome).class_dates,
            exam_window_minutes=window,
        )
        pair.outcome = {**pair.outcome, "is_exam": pair.is_exam}
    PairStatus.objects.bulk_update(pairs, ["is_exam", "outcome"], batch_size=200)
