"""What people put into Canvas themselves and still stands, and for whom acts can be chosen."""

from django.db.models import QuerySet

from accommodations.models import Assessment, CanvasAct, Course, PairStatus, Student
from accommodations.selectors.rules import counting_accommodations
from canvas_bridge.facts import UNGRADED_KINDS, EnrollmentState

_CURRENT = (EnrollmentState.ACTIVE.value, EnrollmentState.INVITED.value)


def students_with_accommodation(course: Course) -> QuerySet[Student]:
    """Return the current students of a course who have an accommodation on record, by name."""
    return (
        Student.objects.filter(enrollments__course=course, enrollments__state__in=_CURRENT)
        .filter(pk__in=counting_accommodations().values("student"))
        .order_by("sortable_name", "pk")
        .distinct()
    )


def ungraded_quizzes(course: Course) -> QuerySet[Assessment]:
    """Return the practice quizzes and ungraded surveys of a course, by name."""
    kinds = [kind.value for kind in UNGRADED_KINDS]
    return Assessment.objects.filter(course=course, kind__in=kinds, is_deleted=False).order_by("name", "pk")


def standing_acts(*, course: Course | None = None, pair: PairStatus | None = None) -> QuerySet[CanvasAct]:
    """Return what people put into Canvas through Leeway and can be taken back: in a course, or for one pair."""
    found = CanvasAct.objects.filter(is_standing=True).select_related("student", "assessment", "asked_by")
    if pair is not None:
        return found.filter(student=pair.student_id, assessment=pair.assessment_id)
    return found.filter(course=course).order_by("assessment__name", "student__sortable_name")
