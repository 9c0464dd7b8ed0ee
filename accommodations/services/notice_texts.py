"""The words of mails: plain text, discreet. No student's name, no word about disability, in no line (R15, R17).

A mail says how many students and which assessments; who they are stands behind sign-in, where the link leads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accommodations.models import Assessment, Course, InstitutionSettings, Notice, NoticeItem

SUBJECTS = {
    Notice.Kind.INSTRUCTOR: "Your Canvas courses: what was done",
    Notice.Kind.STUDENT: "Your assessments in Canvas: what has changed",
    Notice.Kind.REMINDER: "Reminder: your Canvas courses",
}
MOST_LINES = 40
MOST_CHARACTERS = 120
_WORDS = {
    NoticeItem.What.NEW: "put in place",
    NoticeItem.What.CHANGED: "changed",
    NoticeItem.What.SHORT: "in place, but with less than approved",
    NoticeItem.What.ENDED: "ended: as for the class again",
    NoticeItem.What.EXCEPTION: "does not apply here, by a decision of the office",
    NoticeItem.What.EXCEPTION_OVER: "applies again",
    NoticeItem.What.DRIFT: "was made less in Canvas again and again, and put back each time",
    NoticeItem.What.BY_HAND: "outside Canvas: please give it by hand, and say so on the page",
    NoticeItem.What.ANSWER: "your question was answered",
}


@dataclass(frozen=True, slots=True)
class Line:
    """What was done on one assessment (or in the whole course), for how many students."""

    where: str
    words: str
    students: int


@dataclass(frozen=True, slots=True)
class CourseLines:
    """The lines of one course; `more` stand on the page only."""

    course: str
    lines: tuple[Line, ...]
    more: int


def address_of(name: str, *arguments: int) -> str:
    """Return the full address of a page, for a mail."""
    return f"{settings.LEEWAY_URL}{reverse(name, args=arguments)}"


def text_of(notice: Notice, items: Sequence[NoticeItem], institution: InstitutionSettings) -> tuple[str, str]:
    """Return subject and body of a digest."""
    is_student = notice.kind == Notice.Kind.STUDENT
    context = {
        "courses": lines_of(items),
        "link": address_of("own_page") if is_student else address_of("notice_detail", notice.pk),
        "institution": institution,
    }
    template = "emails/student_digest.txt" if is_student else "emails/instructor_digest.txt"
    return SUBJECTS[Notice.Kind(notice.kind)], body_of(template, context)


def reminder_text(reminder: Notice, of: Notice, institution: InstitutionSettings) -> tuple[str, str]:
    """Return subject and body of a reminder of a digest."""
    context = {"of": of, "link": address_of("notice_detail", of.pk), "institution": institution}
    return SUBJECTS[Notice.Kind.REMINDER], body_of("emails/reminder.txt", context)


def body_of(template: str, context: Mapping[str, Any]) -> str:
    """Return a mail's text, without blank lines at its end."""
    return render_to_string(template, dict(context)).strip() + "\n"


def lines_of(items: Sequence[NoticeItem]) -> list[CourseLines]:
    """Return what a mail says, course by course; who the students are is not in it."""
    by_course: dict[Course, dict[tuple[str, Assessment | None], set[int | None]]] = {}
    for item in items:
        lines = by_course.setdefault(item.course, {})
        lines.setdefault((item.what, item.assessment), set()).add(item.student_id)
    return [_course_lines(course, by_course[course]) for course in sorted(by_course, key=_course_order)]


def _course_order(course: Course) -> tuple[str, int]:
    return course.course_code, course.pk


def _course_lines(course: Course, found: dict[tuple[str, Assessment | None], set[int | None]]) -> CourseLines:
    ordered = sorted(found.items(), key=lambda one: (list(_WORDS).index(NoticeItem.What(one[0][0])), _name(one[0][1])))
    lines = tuple(
        Line(where=_name(assessment), words=_WORDS[NoticeItem.What(what)], students=len(students - {None}))
        for (what, assessment), students in ordered
    )
    title = f"{course.course_code} {course.name}".strip()
    return CourseLines(course=plain(title), lines=lines[:MOST_LINES], more=max(0, len(lines) - MOST_LINES))


def _name(assessment: Assessment | None) -> str:
    return plain(assessment.name) if assessment is not None else "The whole course"


def plain(text: str) -> str:
    """Return text of Canvas's as one line that no mail program reads as anything else, cut to a length."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= MOST_CHARACTERS else f"{line[: MOST_CHARACTERS - 1]}…"
