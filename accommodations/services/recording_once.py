"""Recording that survives a double click: the same values from the same person a moment later are the same record."""

from collections.abc import Sequence
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.models import Accommodation, Course, InstitutionSettings, Student, SyncRun
from accommodations.services.accommodation_values import AccommodationValues, values_of
from accommodations.services.accommodations import record_accommodations
from accommodations.services.decisions import release_course

DOUBLE_CLICK = timedelta(seconds=30)


@transaction.atomic
def record_once(
    *,
    student: Student,
    recorded_by: User,
    values: Sequence[AccommodationValues],
    as_draft: bool = False,
    urgent_reason: str = "",
    released: Sequence[Course] = (),
) -> tuple[list[Accommodation], SyncRun | None]:
    """Record like `record_accommodations`, or return what the same person recorded with these values just before.

    `released` are courses that the student asked for with it. The student's row is locked, so that of two requests at
    once the second sees what the first has recorded.
    """
    Student.objects.select_for_update().get(pk=student.pk)
    recent = Accommodation.objects.filter(
        student=student,
        recorded_by=recorded_by,
        created_at__gte=timezone.now() - DOUBLE_CLICK,
        version=1,
    ).select_related("term", "course", "assessment")
    are_drafts = as_draft or (InstitutionSettings.current().two_person_approval and not urgent_reason)
    same_kind = [row for row in recent if (row.status == Accommodation.Status.DRAFT) == are_drafts]
    twins = [row for row in same_kind if values_of(row) in values]
    if len(twins) < len(values):
        for course in released:
            release_course(student=student, course=course, released_by=recorded_by)
        return record_accommodations(
            student=student, recorded_by=recorded_by, values=values, as_draft=as_draft, urgent_reason=urgent_reason
        )
    if are_drafts:
        return twins, None
    runs = SyncRun.objects.filter(
        student=student,
        requested_by=recorded_by,
        trigger=SyncRun.Trigger.CHANGE,
    )
    return twins, runs.order_by("-pk").first()
