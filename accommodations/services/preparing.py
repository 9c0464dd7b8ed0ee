"""Which courses a run is about: read from the enrollments of the students concerned."""

from datetime import datetime

from django.utils import timezone

from accommodations.models import Course, Student, SyncRun
from accommodations.selectors.sync import courses_concerned, students_to_read
from accommodations.services import connections, gone
from accommodations.services.courses import refresh_courses_if_old
from accommodations.services.people import refresh_enrollments
from canvas_bridge.errors import CanvasNotFound
from canvas_bridge.gateway import CanvasGateway


def courses_to_sync(run: SyncRun, *, now: datetime) -> set[Course]:
    """Return the courses that the run is to have, after reading the enrollments it needs.

    One request for a student's change; for a run over everybody one for each student, and the list of courses, which
    the hourly round keeps fresh too: it says which courses have ended. The hourly round also asks again for students
    whose enrollments were not believed to be gone.
    Read again after an interruption, those read since the run was requested are left out.
    """
    reads_nothing = run.is_limited_to_courses and run.student is None and run.trigger != SyncRun.Trigger.HOURLY
    if reads_nothing:
        return set()
    connection = connections.usable_connection()
    gateway = connections.gateway_for(connection, lane=connections.lane_of(run))
    if run.student is not None:
        _refresh(run.student, run, gateway)
        return set() if run.is_limited_to_courses else set(courses_concerned(now=now, students=[run.student]))
    refresh_courses_if_old(connection, gateway)
    if run.is_limited_to_courses:
        for student in Student.objects.exclude(enrollments_doubted_at=None).order_by("pk"):
            _refresh(student, run, gateway)
        return set()
    for student in students_to_read().order_by("pk"):
        _refresh(student, run, gateway)
    return set(courses_concerned(now=now))


def _refresh(student: Student, run: SyncRun, gateway: CanvasGateway) -> None:
    if student.enrollments_read_at is not None and student.enrollments_read_at > run.requested_at:
        return
    # The sweep sees that somebody is at it, however many students there are.
    SyncRun.objects.filter(pk=run.pk).update(woken_at=timezone.now())
    try:
        refresh_enrollments(student, gateway)
    except CanvasNotFound:
        # Merged or deleted in Canvas: their mirror stays as it was, a person decides, and the others go on.
        gone.note_gone(student, gateway)
    else:
        gone.note_known(student)
