"""Students of a file who are not on record yet, asked for in Canvas: a few while a person waits, many in a task."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.errors import CanvasUnreachable, NotConnected, StudentAmbiguous, StudentUnknown
from accommodations.models import ImportFile
from accommodations.services.import_checking import AMBIGUOUS, FOUND, UNKNOWN, UNREACHABLE, WAITING, check_file
from accommodations.services.imports import locked, log_act
from accommodations.services.people import find_or_read_student

MOST_WHILE_WAITING = 3
MOST_IN_ONE_TASK = 50


@transaction.atomic
def ask_for_students(*, file: ImportFile, asked_by: User) -> int:
    """Note that the unknown students of a file are to be looked up, and return how many wait for it."""
    current = locked(file)
    unknown = check_file(current).unknown_keys
    current.lookups = {**current.lookups, **dict.fromkeys(unknown, WAITING)}
    current.lookups_asked_at = timezone.now()
    current.save(update_fields=["lookups", "lookups_asked_at"])
    if unknown:
        log_act("import.looked_up", current, actor=asked_by, students=len(unknown))
    return len(unknown)


def look_up_some(file_id: int, *, most: int = MOST_IN_ONE_TASK) -> bool:
    """Ask Canvas for some of the waiting students; return whether more wait. Safe to repeat, also after a crash."""
    file = ImportFile.objects.filter(pk=file_id, status=ImportFile.Status.OPEN).first()
    waiting = _waiting(file) if file is not None else []
    for key in waiting[:most]:
        state = _looked_up(key)
        # Without Canvas's answer the others would not get one either.
        told = waiting if state == UNREACHABLE else [key]
        if not _note(file_id, dict.fromkeys(told, state)) or state == UNREACHABLE:
            return False
    return len(waiting) > most


def _waiting(file: ImportFile) -> list[str]:
    return [key for key, state in file.lookups.items() if state == WAITING]


def _looked_up(key: str) -> str:
    try:
        find_or_read_student(query=key, takes_canvas_id=False)
    except StudentUnknown:
        return UNKNOWN
    except StudentAmbiguous:
        return AMBIGUOUS
    except (CanvasUnreachable, NotConnected):
        return UNREACHABLE
    return FOUND


@transaction.atomic
def _note(file_id: int, states: dict[str, str]) -> bool:
    """Keep what was found out; False where the file was decided meanwhile."""
    file = ImportFile.objects.select_for_update(of=("self",)).get(pk=file_id)
    if file.status != ImportFile.Status.OPEN:
        return False
    waiting = set(_waiting(file))
    file.lookups = {**file.lookups, **{key: state for key, state in states.items() if key in waiting}}
    file.save(update_fields=["lookups"])
    return True
