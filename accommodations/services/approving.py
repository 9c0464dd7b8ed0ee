"""Approving what waits for one student, all of a letter at once or a part of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from accommodations.errors import ApprovalRefused
from accommodations.models import Accommodation, Student, SyncRun
from accommodations.services.accommodations import approve_accommodation


@dataclass(frozen=True, slots=True)
class Approved:
    """What was approved, what was refused and why, and the run that follows where one does."""

    rows: tuple[Accommodation, ...]
    refused: tuple[ApprovalRefused, ...] = ()
    run: SyncRun | None = None


class ChangedMeanwhile(ApprovalRefused):
    """Somebody changed one of them after the page was shown: nothing was approved."""

    code = "approval.changed"


@transaction.atomic
def approve_all(*, student: Student, versions: Mapping[int, int], approved_by: User) -> Approved:
    """Approve the student's records with these numbers, each as the version that the person read.

    Those that nobody may approve any more, or not this person, are left and named; the others count. Raises
    ChangedMeanwhile where one says something else by now.
    """
    rows = list(student.accommodations.select_for_update(of=("self",)).filter(pk__in=versions).order_by("pk"))
    if any(row.version != versions[row.pk] and row.approved_by_id is None for row in rows):
        raise ChangedMeanwhile("Somebody changed it while you were reading. Nothing is approved: read it again.")
    approved, refused, run = [], [], None
    for row in rows:
        try:
            run = approve_accommodation(accommodation=row, approved_by=approved_by) or run
        except ApprovalRefused as error:
            refused.append(error)
        else:
            approved.append(row)
    return Approved(tuple(approved), tuple(refused), run)
