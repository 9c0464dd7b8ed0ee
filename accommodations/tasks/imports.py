"""Lookups in Canvas for a file that is being checked, a part at a time; and forgetting files that nobody decided."""

from celery import shared_task
from django.utils import timezone

from accommodations.services import import_lookups, imports
from accommodations.tasks.base import LeewayTask


@shared_task(base=LeewayTask)
def look_up_students(file_id: int) -> None:
    """Ask Canvas for the students of a file that nobody knows, and come again while more wait."""
    if import_lookups.look_up_some(file_id):
        look_up_students.delay(file_id)


@shared_task(base=LeewayTask)
def discard_undecided_imports() -> None:
    """Delete the rows of files that nobody has decided for two weeks."""
    imports.discard_undecided(now=timezone.now())
