"""The action log as pages show it: entries in words, searched, and paged by their sequence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from accommodations.models import Accommodation, ActionLogEntry, Assessment, Course, PairStatus, Student, Term
from accommodations.selectors.pair_filters import any_contains, escaped_terms
from accommodations.selectors.visibility import Viewer

ACT_WORDS = {
    "canvas.write.started": "Sent to Canvas",
    "canvas.write.applied": "Accepted by Canvas",
    "canvas.write.refused": "Refused by Canvas",
    "canvas.write.unreachable": "Canvas did not answer",
    "canvas.write.unknown": "Outcome unknown, read next",
    "canvas.write.settled": "Outcome settled by reading Canvas",
    "accommodation.recorded": "Recorded an accommodation",
    "accommodation.changed": "Changed an accommodation",
    "accommodation.approved": "Approved an accommodation",
    "accommodation.renewed": "Renewed an accommodation",
    "accommodations.renewed": "Renewed a term’s accommodations",
    "accommodation.ended": "Ended an accommodation",
    "import.uploaded": "Uploaded a file to import",
    "import.looked_up": "Looked up the students of a file in Canvas",
    "import.ending_confirmed": "Confirmed how many accommodations a file ends",
    "import.taken": "Took an import",
    "import.discarded": "Discarded a file",
    "import.undone": "Undid an import",
    "import.source_changed": "Changed how much a file may shrink",
    "exception.recorded": "Decided an exception",
    "exception.withdrawn": "Withdrew an exception",
    "course.released": "Released a course",
    "course.set_aside": "Set a course aside that ended its workers",
    "course.taken_up_again": "Let a course be synced again",
    "course.release_taken_back": "Took back the release of a course",
    "student.release_needed": "Let courses be released one by one",
    "student.released_everywhere": "Released every course",
    "usual_set.recorded": "Added a usual set",
    "usual_set.changed": "Changed a usual set",
    "usual_set.retired": "Stopped offering a usual set",
    "usual_set.offered_again": "Offered a usual set again",
    "pair.settled": "Wrote what was done",
    "pair.unsettled": "Took back what was written about a pair",
    "student.viewed": "Looked at a student’s record",
    "students.exported": "Exported the students",
    "pairs.exported": "Exported the coverage",
    "board.exported": "Exported the coverage board",
    "log.exported": "Exported the log",
    "log.redacted": "Took out of the log what was personal",
    "ledger.adopted": "Noted as Leeway’s own what stood in Canvas after a restore",
    "secrets.encrypted_anew": "Encrypted the stored secrets with the newest key",
    "connection.saved": "Saved the Canvas connection",
    "connection.renamed": "Noted a new name of the same Canvas",
    "connection.token_refused": "Canvas refused the token",
    "settings.changed": "Changed the settings",
    "user.added": "Added a user",
    "user.changed": "Changed a user",
    "user.password_set": "Set a user’s password",
    "user.linked": "Changed which Canvas person a user is",
    "user.signed_out": "Signed a user out everywhere",
    "user.invited": "Made a one-time link for a user",
    "user.invitation_revoked": "Took a one-time link back",
    "user.invitation_used": "Set a password by a one-time link",
    "report.opened": "Opened a report",
    "report.exported": "Exported a report",
    "sync.requested": "Asked for a sync",
    "sync.plan_approved": "Read a plan and applied it",
    "sync.cancelled": "Cancelled a sync",
    "sync.course_failed": "The sync of a course failed",
    "sync.ended": "A sync ended",
    "drift.repaired": "Put back what had been made less in Canvas",
    "pair.undone": "Undid what stood in Canvas",
    "pair.released": "Released a held pair",
    "pair.follows_class": "Let dates follow a class that moved earlier",
    "assessment.marked_exam": "Marked an assessment as an exam",
    "assessment.unmarked_exam": "Took back that an assessment was marked as an exam",
    "guard.stopped": "The safety guard stopped changes",
    "guard.approved": "Approved what the safety guard stopped",
    "guard.dismissed": "Dismissed what the safety guard stopped",
    "alert.raised": "Raised an alert",
    "alert.seen": "Saw an alert",
    "notice.sending": "Began to send a notice",
    "notice.sent": "Sent a notice",
    "notice.not_sent": "A notice was not sent",
    "notice.unknown": "Nobody knows whether a notice arrived",
    "notice.asked": "Asked for a notice to be sent",
    "notice.acknowledged": "Acknowledged a notice",
    "concern.raised": "Raised a concern",
    "concern.answered": "Answered a concern",
    "letter.recorded": "Recorded what a letter says",
    "letter.confirmed": "Confirmed what an instructor had recorded",
    "notices.exported": "Exported the notices",
    "concerns.exported": "Exported the concerns",
    "ledger.closed": "Closed what stood on a deleted assessment",
    "enrollments.not_believed": "Did not believe a list of enrollments that had shrunk",
}
GROUPS = {
    "writes": ("Writes to Canvas", ("canvas.",)),
    "applied": ("Accepted by Canvas", ("canvas.write.applied",)),
    "drift": ("Put back after drift", ("drift.",)),
    "decisions": (
        "Decisions of people",
        (
            *(
                "accommodation.",
                "accommodations.",
                "import.",
                "exception.",
                "course.",
                "pair.",
                "assessment.",
                "concern.",
                "letter.",
            ),
            *("guard.approved", "guard.dismissed", "alert.seen", "student.release"),
        ),
    ),
    "syncs": ("Syncs", ("sync.", "drift.", "ledger.", "enrollments.", "guard.stopped", "alert.raised")),
    "notices": ("Notices", ("notice.",)),
    "views": (
        "Views and exports",
        ("student.viewed", "students.", "pairs.", "board.", "report.", "log.", "notices.", "concerns."),
    ),
    "setup": ("Settings, connection and users", ("settings.", "connection.", "user.", "usual_set.")),
}
_ICONS = {
    "canvas.write.started": "waiting",
    "canvas.write.applied": "accepted",
    "canvas.write.settled": "in-place",
    "canvas.write.refused": "failed",
    "canvas.write.unreachable": "failed",
    "canvas.write.unknown": "failed",
    "connection.token_refused": "failed",
    "sync.course_failed": "failed",
    "guard.stopped": "held",
    "alert.raised": "failed",
    "student.viewed": "user",
    "accommodation.ended": "not-needed",
}
_GROUP_ICONS = {
    "sync": "run",
    "import": "import",
    "settings": "settings",
    "connection": "chain",
    "students": "export",
    "pairs": "export",
    "report": "export",
    "board": "export",
    "user": "user",
    "notice": "notice",
    "concern": "speech",
}
PAGE_SIZE = 50
_WITH = ("actor", "payload__redaction__actor")


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What the log is narrowed to; every part may be empty."""

    search: str = ""
    group: str = ""
    student_id: int | None = None
    course_id: int | None = None
    assessment_id: int | None = None
    run_id: int | None = None
    term_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry in words, with the names of what it is about."""

    entry: ActionLogEntry
    words: str
    icon: str
    actor: str
    student: Student | None
    course: Course | None
    assessment: Assessment | None
    payload: dict[str, Any] | None
    redaction: ActionLogEntry | None = None
    """The entry that says who took the payload out, when and why."""

    @property
    def redacted_by(self) -> str:
        """Return the name of who took the payload out."""
        return _actor(self.redaction) if self.redaction is not None else ""

    @property
    def sentence(self) -> str:
        """Return what a write was for, where the entry has it."""
        return str((self.payload or {}).get("sentence", ""))

    @property
    def details(self) -> list[tuple[str, Any]]:
        """Return the payload's parts for reading, without what the line says already."""
        return [(name.replace("_", " ").capitalize(), value) for name, value in (self.payload or {}).items() if value]


def entries_visible_to(user: Viewer) -> QuerySet[ActionLogEntry]:
    """Return the whole log for those who may read it, nothing for others."""
    if user.has_perm("accommodations.read_log"):
        return ActionLogEntry.objects.all()
    return ActionLogEntry.objects.none()


def log_entries(user: Viewer, narrowed: LogFilter) -> QuerySet[ActionLogEntry]:
    """Return the entries that fit, newest first."""
    return entries_visible_to(user).filter(_filter(narrowed)).select_related(*_WITH).order_by("-sequence")


def _filter(narrowed: LogFilter) -> Q:
    found = Q()
    exact = {
        "student_id_logged": narrowed.student_id,
        "course_id_logged": narrowed.course_id,
        "assessment_id_logged": narrowed.assessment_id,
        "run_id_logged": narrowed.run_id,
        "at__gte": narrowed.since,
        "at__lt": narrowed.until,
    }
    for name, value in exact.items():
        found &= Q(**{name: value}) if value is not None else Q()
    if narrowed.term_id is not None:
        found &= _of_term(narrowed.term_id)
    if narrowed.group in GROUPS:
        acts = Q()
        for prefix in GROUPS[narrowed.group][1]:
            acts |= Q(act__startswith=prefix)
        found &= acts
    for word in escaped_terms(narrowed.search):
        found &= _about(word)
    return found


def _of_term(term_id: int) -> Q:
    """Return the filter on entries about the term's courses, or about accommodations for this term alone."""
    courses = Course.objects.filter(term_id=term_id).values("pk")
    approved = Accommodation.objects.filter(term_id=term_id).values("pk")
    return Q(course_id_logged__in=courses) | Q(accommodation_id_logged__in=approved)


@dataclass(frozen=True, slots=True)
class LogSubject:
    """Whom or what a narrowed log is about, for its export's name and entry."""

    student: Student | None
    course: Course | None
    words: str
    file_name: str


def subject_of(narrowed: LogFilter) -> LogSubject:
    """Return what the log is narrowed to. A file's name carries our number of a student, never a name."""
    student = Student.objects.filter(pk=narrowed.student_id).first() if narrowed.student_id is not None else None
    course = Course.objects.filter(pk=narrowed.course_id).first() if narrowed.course_id is not None else None
    term = Term.objects.filter(pk=narrowed.term_id).first() if narrowed.term_id is not None else None
    words, names = [], []
    if student is not None:
        words, names = ["a student"], [f"student-{student.pk}"]
    if course is not None:
        words.append(f"course {course.course_code}")
        names.append(f"course-{course.course_code}")
    if term is not None:
        words.append(f"term {term.name}")
        names.append(f"term-{term.name}")
    has_more = narrowed != LogFilter(
        student_id=narrowed.student_id, course_id=narrowed.course_id, term_id=narrowed.term_id
    )
    if has_more:
        words.append("narrowed further")
    return LogSubject(student, course, ", ".join(words) or "everything", "-".join(names))


def _about(word: str) -> Q:
    """Return the filter on entries about, or by, somebody or something of that name."""
    people = get_user_model().objects.filter(any_contains(word, "username", "first_name", "last_name"))
    return (
        Q(student_id_logged__in=Student.objects.filter(any_contains(word, "name", "login_id")).values("pk"))
        | Q(course_id_logged__in=Course.objects.filter(any_contains(word, "name", "course_code")).values("pk"))
        | Q(assessment_id_logged__in=Assessment.objects.filter(any_contains(word, "name")).values("pk"))
        | Q(actor__in=people.values("pk"))
    )


def log_lines(entries: Iterable[ActionLogEntry], *, about: PairStatus | None = None) -> list[LogLine]:
    """Return the entries in words; the names of all are read in three queries, or in none where all are of one pair."""
    listed = list(entries)
    if about is not None:
        students, courses = {about.student_id: about.student}, {about.course_id: about.course}
        assessments = {about.assessment_id: about.assessment}
    else:
        students = Student.objects.in_bulk({entry.student_id_logged for entry in listed} - {None})
        courses = Course.objects.in_bulk({entry.course_id_logged for entry in listed} - {None})
        assessments = Assessment.objects.in_bulk({entry.assessment_id_logged for entry in listed} - {None})
    return [
        log_line(
            entry,
            students.get(entry.student_id_logged or 0),
            courses.get(entry.course_id_logged or 0),
            assessments.get(entry.assessment_id_logged or 0),
        )
        for entry in listed
    ]


def log_line(
    entry: ActionLogEntry, student: Student | None, course: Course | None, assessment: Assessment | None
) -> LogLine:
    """Return one entry in words, with whom and what it is about."""
    return LogLine(
        entry=entry,
        words=ACT_WORDS.get(entry.act, entry.act.replace(".", " ").replace("_", " ").capitalize()),
        icon=_icon(entry.act),
        actor=_actor(entry),
        student=student,
        course=course,
        assessment=assessment,
        payload=_payload(entry),
        redaction=entry.payload.redaction if hasattr(entry, "payload") else None,
    )


def _icon(act: str) -> str:
    return _ICONS.get(act) or _GROUP_ICONS.get(act.split(".", 1)[0], "hand")


def _actor(entry: ActionLogEntry) -> str:
    if entry.actor is None:
        return f"Leeway, run {entry.run_id_logged}" if entry.run_id_logged else "Leeway"
    return entry.actor.get_full_name() or entry.actor.get_username()


def _payload(entry: ActionLogEntry) -> dict[str, Any] | None:
    """Return the personal part; None where it was taken out."""
    payload = getattr(entry, "payload", None)
    return payload.data if payload is not None and payload.redaction_id is None else None


def entries_about(pair: PairStatus, *, most: int = 12) -> list[LogLine]:
    """Return the newest entries about one student and assessment."""
    entries = ActionLogEntry.objects.filter(
        student_id_logged=pair.student_id, assessment_id_logged=pair.assessment_id
    ).select_related(*_WITH)
    return log_lines(entries.order_by("-sequence")[:most], about=pair)


@dataclass(frozen=True, slots=True)
class LogPage:
    """A stretch of the log: `older` is the sequence below which the next page begins."""

    lines: Sequence[LogLine]
    count: int
    older: int | None
    is_first: bool


def log_page(user: Viewer, narrowed: LogFilter, *, before: int | None) -> LogPage:
    """Return one page. Paging by sequence stays right while entries are added on top."""
    found = log_entries(user, narrowed)
    count = found.count()
    below = found.filter(sequence__lt=before) if before is not None else found
    entries = list(below[: PAGE_SIZE + 1])
    shown = entries[:PAGE_SIZE]
    return LogPage(
        lines=log_lines(shown),
        count=count,
        older=shown[-1].sequence if len(entries) > PAGE_SIZE else None,
        is_first=before is None,
    )
