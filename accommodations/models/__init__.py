"""Everything that is stored."""

from accommodations.models.accommodations import Accommodation, AccommodationException, CourseRelease
from accommodations.models.acts import CanvasAct
from accommodations.models.canvas import CanvasConnection, InstitutionSettings, LedgerEntry
from accommodations.models.courses import (
    Assessment,
    AssignmentGroup,
    Course,
    CourseSnapshot,
    Enrollment,
    Teaching,
    Term,
)
from accommodations.models.coverage import CoverageDay
from accommodations.models.holds import Alert, ConfirmedEnding, GuardStop, PairHold
from accommodations.models.imports import ImportChange, ImportFile, ImportRow, ImportSource
from accommodations.models.log import ActionLogEntry, ActionLogPayload, LogAnchor, LogCheck, LogHead, LogIsAppendOnly
from accommodations.models.merged import GonePerson
from accommodations.models.notices import Concern, LetterRecord, Notice, NoticeCursor, NoticeItem, OutboxMail
from accommodations.models.people import LinkedPerson, Student
from accommodations.models.set_asides import SetAside
from accommodations.models.sync import CourseLease, CourseSync, PairStatus, SyncAction, SyncRun
from accommodations.models.users import ActCount, Invitation
from accommodations.models.usual_sets import UsualSet

__all__ = [
    "Accommodation",
    "AccommodationException",
    "ActCount",
    "ActionLogEntry",
    "ActionLogPayload",
    "Alert",
    "Assessment",
    "AssignmentGroup",
    "CanvasAct",
    "CanvasConnection",
    "Concern",
    "ConfirmedEnding",
    "Course",
    "CourseLease",
    "CourseRelease",
    "CourseSnapshot",
    "CourseSync",
    "CoverageDay",
    "Enrollment",
    "GonePerson",
    "GuardStop",
    "ImportChange",
    "ImportFile",
    "ImportRow",
    "ImportSource",
    "InstitutionSettings",
    "Invitation",
    "LedgerEntry",
    "LetterRecord",
    "LinkedPerson",
    "LogAnchor",
    "LogCheck",
    "LogHead",
    "LogIsAppendOnly",
    "Notice",
    "NoticeCursor",
    "NoticeItem",
    "OutboxMail",
    "PairHold",
    "PairStatus",
    "SetAside",
    "Student",
    "SyncAction",
    "SyncRun",
    "Teaching",
    "Term",
    "UsualSet",
]
