"""Every page that the URL list knows: which roles look at it, and in which states. A new URL needs its line here.

`tests/ops/test_pages_listed.py` compares this with the URL list, without a browser; `test_tour.py` opens each of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

STRANGER = "stranger"
OFFICE = ("coordinator", "director")
READERS = (*OFFICE, "auditor")
RUN_READERS = (*READERS, "administrator")
EVERYBODY = (*READERS, "instructor", "student", "administrator")


@dataclass(frozen=True)
class Seen:
    """Who opens a page in a browser, of which row of the demo (a key of ROWS), and in which further states.

    `states`: a word for each state, and the row or the query (with a question mark) that shows it; the first role looks
    at them. `refuses`: the first form of the page is sent empty, and what comes back is looked at too.
    """

    roles: tuple[str, ...]
    row: str = ""
    states: Mapping[str, str] = field(default_factory=dict)
    refuses: bool = False
    status: int = 200


STATUSES = (
    "in_place", "short", "waiting", "failed", "held", "blocked", "not_needed", "missed", "past",
)  # fmt: skip
PAGES: dict[str, Seen] = {
    "sign_in": Seen((STRANGER,), refuses=True),
    "invitation_accept": Seen((STRANGER,), status=410),
    "home": Seen((*READERS, "instructor", "administrator")),
    "own_page": Seen(("student",)),
    "styleguide": Seen(("coordinator",)),
    "student_list": Seen(READERS, states={"sorted": "?sort=-gaps", "second page": "?page=2"}),
    "student_detail": Seen(READERS, "student"),
    "student_report": Seen(READERS, "student"),
    "student_summary": Seen(READERS, "student"),
    "student_summary_mail": Seen(OFFICE, "student"),
    "student_find": Seen(OFFICE, refuses=True),
    "student_approval": Seen(OFFICE, "student"),
    "student_release": Seen(OFFICE, "student", refuses=True),
    "student_undo": Seen(OFFICE, "student"),
    "student_gone": Seen(OFFICE, "gone", refuses=True),
    "exception_new": Seen(OFFICE, "student", refuses=True),
    "exception_withdraw": Seen(OFFICE, "exception"),
    "accommodation_new": Seen(OFFICE, "student", refuses=True),
    "accommodation_edit": Seen(OFFICE, "accommodation"),
    "accommodation_end": Seen(OFFICE, "accommodation"),
    "approval_list": Seen(OFFICE),
    "usual_set_list": Seen(OFFICE),
    "usual_set_new": Seen(("director",), refuses=True),
    "usual_set_edit": Seen(("director",), "usual set"),
    "course_list": Seen((*READERS, "instructor")),
    "course_detail": Seen(READERS, "course"),
    "course_report": Seen(READERS, "course"),
    "course_every_quiz": Seen(OFFICE, "course", refuses=True),
    "course_quiz_dates": Seen(OFFICE, "course of ungraded quizzes", refuses=True),
    "pair_list": Seen(READERS, states={"nothing found": "?course=987654", "missed": "?status=missed"}),
    "pair_detail": Seen(READERS, "pair", states={status.replace("_", " "): f"pair {status}" for status in STATUSES}),
    "coverage_board": Seen(READERS, states={"nothing found": "?course=987654"}),
    "coverage_day": Seen(READERS, "day"),
    "pair_explain": Seen(READERS, "pair"),
    "pair_evidence": Seen(READERS, "pair"),
    "pair_unlock": Seen(OFFICE, "pair missed"),
    "attempt_extend": Seen(OFFICE, "pair failed"),  # refused in test_a01_…: the attempt may be over when a role comes
    "guard_stop": Seen(READERS, "guard stop"),
    "sync_run_list": Seen((*RUN_READERS, "instructor")),
    "sync_run_detail": Seen(RUN_READERS, "run"),
    "run_undo": Seen(OFFICE, "run"),
    "import_list": Seen(OFFICE),
    "import_new": Seen(OFFICE, refuses=True),
    "import_detail": Seen(OFFICE, "import file"),
    "import_columns": Seen(OFFICE, "import file"),
    "import_source": Seen(("director",), "import source", refuses=True),
    "notice_list": Seen(READERS),
    "notice_detail": Seen(READERS, "notice"),
    "concern_list": Seen((*READERS, "instructor")),
    "concern_new": Seen(("instructor",), "taught course", refuses=True),
    "concern_detail": Seen(READERS, "concern"),
    "letter_list": Seen(READERS),
    "letter_new": Seen(("instructor",), "taught course", refuses=True),
    "renewal": Seen(OFFICE),
    "operations": Seen(("director", "administrator")),
    "outbox": Seen(("coordinator",)),
    "outbox_mail": Seen(("coordinator",), "mail"),
    "log": Seen(READERS, states={"writes": "?act=writes", "a wrong day": "?from=31+Feb+2026", "empty": "?run=999999"}),
    "settings": Seen(("director",), refuses=True),
    "term_list": Seen(("director",)),
    "holiday_list": Seen(("director",), refuses=True),
    "holiday_detail": Seen(("director",), "holiday"),
    "connection": Seen(("administrator",)),
    "user_list": Seen(("administrator",), states={"nobody": "?state=off"}),
    "user_detail": Seen(("administrator",), "user"),
    "user_switch": Seen(("administrator",), "user"),
    "user_invite": Seen(("administrator",), refuses=True),
}
OWN: tuple[tuple[str, Seen], ...] = (
    ("course_detail", Seen(("instructor",), "taught course")),
    ("pair_detail", Seen(("instructor",), "taught pair")),
    ("pair_explain", Seen(("instructor",), "taught pair")),
    ("pair_detail", Seen(("student",), "own pair")),
)
"""Pages that show people outside the office their own rows alone."""

NO_PAGE: dict[str, str] = {
    "accommodation_approve": "an act: it leads to the student's page",
    "accommodation_preview": "a part of the form, looked at with it",
    "act_take_back": "as attempt_extend, for an act that stands; test_a36 goes through it",
    "admin_sign_in": "leads to sign_in",
    "alert_seen": "an act: it leads home",
    "assessment_exam": "an act: it leads back to the course or the assessment",
    "choose_theme": "an act: it leads back",
    "concern_export": "a file",
    "course_report_export": "a file",
    "coverage_board_csv": "a file",
    "coverage_board_xlsx": "a file",
    "find": "an act: it leads to what was found",
    "healthz": "for machines",
    "hold_release": "an act",
    "home_live": "a part of home",
    "import_confirm": "an act: it leads to the import",
    "import_discard": "an act: it leads to the imports",
    "import_look_up": "an act: it leads to the import",
    "import_progress": "a part of the import",
    "import_rows": "an act: it leads to the import",
    "import_sample_csv": "a file",
    "import_sample_workbook": "a file",
    "import_take": "an act: it leads to the import",
    "import_undo": "of an import that was taken; test_import.py goes through it",
    "invitation_open": "leads to invitation_accept",
    "invitation_revoke": "an act: it leads to the users",
    "letter_confirm": "an act: it leads to the letters",
    "log_anchors_export": "a file",
    "log_check": "an act: it leads to the log",
    "log_check_status": "a part of the log",
    "log_export": "a file",
    "metrics": "for machines",
    "notice_acknowledge": "an act: it leads to the notice",
    "notice_export": "a file",
    "notice_send": "an act: it leads to the notice",
    "pair_export": "a file",
    "pair_follow_class": "an act",
    "pair_unsettle": "an act: it leads to the pair",
    "readyz": "for machines",
    "sign_out": "an act: it leads to sign_in",
    "set_aside_release": "an act: it leads to the run",
    "student_gone_take_back": "an act: it leads to the student's page",
    "start_course_sync": "an act: it leads to the run",
    "start_reason_sync": "an act: it leads to the run",
    "start_student_sync": "an act: it leads to the run",
    "student_export": "a file",
    "student_report_export": "a file",
    "sync_run_apply": "an act: it leads to the run",
    "sync_run_cancel": "an act: it leads to the run",
    "sync_run_retry": "an act: it leads to the run",
    "sync_run_status": "a part of the run",
    "user_new_link": "an act: the page with the link is looked at in test_settings_job.py",
    "usual_set_retire": "an act: it leads to the sets",
}

ROWS: dict[str, str] = {
    "student": "Student.objects.filter(pairs__status='in_place').order_by('pk')[0].pk",
    "accommodation": "Accommodation.objects.filter(status='active').order_by('pk')[0].pk",
    "exception": "AccommodationException.objects.filter(withdrawn_at=None).order_by('pk')[0].pk",
    "gone": "gone().student_id",
    "usual set": "(UsualSet.objects.first() or factories.make_usual_set()).pk",
    "course": (
        "PairStatus.objects.filter(status='in_place', assessment__kind='classic_quiz').order_by('pk')[0].course_id"
    ),
    "course of ungraded quizzes": (
        "PairStatus.objects.filter(status='in_place', course__assessments__kind__in=['practice_quiz', 'survey'])"
        ".order_by('pk')[0].course_id"
    ),
    "pair": "PairStatus.objects.filter(status='in_place').order_by('pk')[0].pk",
    **{f"pair {status}": f"PairStatus.objects.filter(status={status!r}).order_by('pk')[0].pk" for status in STATUSES},
    "pair failed": "PairStatus.objects.filter(reason='running_attempt_short').order_by('pk')[0].pk",
    "guard stop": "GuardStop.objects.order_by('pk')[0].pk",
    "run": "SyncRun.objects.filter(status__in=['done', 'partial']).order_by('pk')[0].pk",
    "import file": "imported().pk",
    "import source": "imported().source_id",
    "notice": "noticed().pk",
    "concern": "raised().pk",
    "mail": "mailed().pk",
    "day": "str(CoverageDay.objects.order_by('-day')[0].day)",
    "holiday": "int(InstitutionSettings.current().holidays[0].replace('-', ''))",
    "user": "User.objects.get(username='mei').pk",
    "taught course": "pairs_visible_to(User.objects.get(username='iris')).order_by('pk')[0].course_id",
    "taught pair": "pairs_visible_to(User.objects.get(username='iris')).order_by('pk')[0].pk",
    "own pair": "pairs_visible_to(User.objects.get(username='noor')).order_by('pk')[0].pk",
}
"""The numbers of rows of the demo, as expressions of Django's shell."""

PREPARED = """
import json
from django.contrib.auth.models import User
from django.utils import timezone
from accommodations.models import *
from accommodations.selectors.visibility import pairs_visible_to
from accommodations.services import imports
from accommodations.services.concerns import raise_concern
from tests import factories

def gone():
    student = Student.objects.filter(pairs__status="in_place").order_by("-pk")[0]
    return GonePerson.objects.filter(student=student).first() or factories.make_gone(student)

def imported():
    found = ImportFile.objects.order_by("pk").first()
    if found is None:
        ruth = User.objects.get(username="ruth")
        content = "Student ID,Kind,Amount\\nnobody,Extra time,1.5\\n".encode()
        file = imports.upload_file(content=content, name="cases.csv", source="Case system", uploaded_by=ruth)
        found = imports.map_columns(file=file, mapping=file.mapping, day_order="month_first")
    return found

def noticed():
    iris, now = User.objects.get(username="iris"), timezone.now()
    return Notice.objects.first() or Notice.objects.create(
        kind="instructor", status="sent", recipient=iris, due_at=now, ended_at=now, address="iris@example.edu",
        subject="What was done in your courses", body="One course.",
    )

def raised():
    iris = User.objects.get(username="iris")
    pair = pairs_visible_to(iris).order_by("pk").first()
    return Concern.objects.first() or raise_concern(
        course=pair.course, raised_by=iris, words="The lab cannot stay open that long."
    )

def mailed():
    return OutboxMail.objects.first() or OutboxMail.objects.create(
        to="iris@example.edu", subject="What was done in your courses", source="Subject: Done\\n\\nOne course.",
    )

def number(expression):
    try:
        return eval(expression)
    except IndexError:
        return None
"""
