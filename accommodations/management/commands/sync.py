"""manage.py sync: observe, plan and apply in the foreground, and say what was done."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accommodations.locks import lease_duration
from accommodations.models import Course, CourseSync, PairStatus, SyncRun
from accommodations.planning.statuses import Status
from accommodations.selectors.sync import WORKING
from accommodations.services import sync_runs
from accommodations.services.sync_runner import BUSY_WAIT, SyncResult, run_course_sync

UNFINISHED = (CourseSync.Status.QUEUED, *WORKING)
NOT_DONE = (Status.FAILED.value, Status.HELD.value)


class Command(BaseCommand):
    """Exit code 0 done, 1 something failed or is held, 2 wrong use."""

    help = "Brings Canvas in step with the accommodations, in one course or everywhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the course by its Canvas id, and whether to stop at the plan."""
        parser.add_argument("--course", type=int, metavar="CANVAS_ID", help="only this course")
        parser.add_argument("--plan-only", action="store_true", help="print the plan and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run to the end, course by course."""
        run = sync_runs.request_sync_run(
            trigger=SyncRun.Trigger.PERSON, courses=self._courses(options["course"]), plan_only=options["plan_only"]
        )
        # Woken here and now: the workers leave it alone.
        course_sync_ids = sync_runs.prepare_run(run.pk)
        for course_sync_id in course_sync_ids:
            self._wait_for(course_sync_id)
            self._print(CourseSync.objects.select_related("course").get(pk=course_sync_id))
        run.refresh_from_db()
        self.stdout.write(f"Sync run {run.pk}: {run.get_status_display()}. {run.message}".rstrip())
        held = PairStatus.objects.filter(course__course_syncs__in=course_sync_ids, status__in=NOT_DONE).count()
        if held:
            self.stdout.write(f"{held} (student, assessment) pairs are failed or held: see their pages.")
        if held or run.status != SyncRun.Status.DONE:
            raise SystemExit(1)

    def _courses(self, canvas_course_id: int | None) -> list[Course] | None:
        if canvas_course_id is None:
            return None
        course = Course.objects.filter(canvas_course_id=canvas_course_id).first()
        if course is None:
            raise CommandError(f"Leeway knows no course {canvas_course_id}.", returncode=2)
        return [course]

    def _wait_for(self, course_sync_id: int) -> None:
        """Work on the course; while another worker holds it, wait as long as two leases may last."""
        deadline = time.monotonic() + 2 * lease_duration().total_seconds()
        while time.monotonic() < deadline:
            if run_course_sync(course_sync_id) in (SyncResult.ENDED, SyncResult.WAITING):
                return
            if not CourseSync.objects.filter(pk=course_sync_id, status__in=UNFINISHED).exists():
                return
            time.sleep(BUSY_WAIT.total_seconds())

    def _print(self, course_sync: CourseSync) -> None:
        self.stdout.write(f"{course_sync.course}: {course_sync.get_status_display()}. {course_sync.message}".rstrip())
        for action in course_sync.actions.order_by("position"):
            words = f" ({action.message})" if action.message else ""
            self.stdout.write(f"  {action.get_status_display()}: {action.sentence}{words}")
