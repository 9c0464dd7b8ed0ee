"""Concerns of instructors: raised, answered by the office on the page. Neither changes anything in Canvas."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.errors import LeewayError, Problem, ValuesRefused
from accommodations.models import Assessment, Concern, Course, Notice, NoticeItem, Student
from accommodations.services import action_log

MOST_WORDS = 4000


@transaction.atomic
def raise_concern(
    *,
    course: Course,
    raised_by: User,
    words: str,
    assessment: Assessment | None = None,
    student: Student | None = None,
) -> Concern:
    """Write down an open question; the notices about it that the person had not answered are answered by it.

    The same words about the same thing, while they are open, are the same concern. Raises ValuesRefused.
    """
    words = _checked(words, "words", "Say what does not fit: the office reads it.")
    Course.objects.select_for_update().get(pk=course.pk)
    same = Concern.objects.filter(
        course=course, assessment=assessment, student=student, raised_by=raised_by, words=words, answered_at=None
    ).first()
    if same is not None:
        return same
    concern = Concern.objects.create(
        course=course, assessment=assessment, student=student, raised_by=raised_by, words=words
    )
    action_log.record(
        act="concern.raised",
        actor=raised_by,
        student=student,
        course=course,
        assessment=assessment,
        payload={"concern": concern.pk, "words": words},
    )
    _answer_notices(concern)
    return concern


def _answer_notices(concern: Concern) -> None:
    """A concern about what a notice told is an answer to it, unless that tells of other courses too."""
    unanswered = Notice.objects.filter(
        recipient=concern.raised_by, kind=Notice.Kind.INSTRUCTOR, status=Notice.Status.SENT, answered_at=None
    )
    of_others = NoticeItem.objects.filter(notice__in=unanswered).exclude(course=concern.course)
    told = unanswered.filter(items__course=concern.course).exclude(pk__in=of_others.values("notice"))
    if concern.assessment is not None:
        told = told.filter(items__assessment=concern.assessment)
    Notice.objects.filter(pk__in=told.values("pk")).update(answer=Notice.Answer.CONCERN, answered_at=timezone.now())


@transaction.atomic
def answer_concern(*, concern: Concern, answered_by: User, words: str) -> Concern:
    """Answer it once; who raised it is told with their next digest. Raises ValuesRefused, LeewayError when answered."""
    words = _checked(words, "answer", "Write the answer: who raised the concern reads it.")
    current = Concern.objects.select_for_update(of=("self",)).get(pk=concern.pk)
    if current.answered_at is not None:
        raise LeewayError("Somebody has answered it already. Their answer stands below.", code="concern.answered")
    current.answer, current.answered_by, current.answered_at = words, answered_by, timezone.now()
    current.save(update_fields=["answer", "answered_by", "answered_at"])
    action_log.record(
        act="concern.answered",
        actor=answered_by,
        student=current.student,
        course=current.course,
        assessment=current.assessment,
        payload={"concern": current.pk, "words": words},
    )
    return current


def _checked(words: str, field: str, message: str) -> str:
    words = words.replace("\x00", "").strip()
    if not words:
        raise ValuesRefused((Problem(field, f"concern.{field}", message),))
    if len(words) > MOST_WORDS:
        raise ValuesRefused((Problem(field, f"concern.{field}", f"Use at most {MOST_WORDS} characters."),))
    return words
