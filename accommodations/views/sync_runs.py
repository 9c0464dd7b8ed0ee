"""Sync runs: the list, one run with its plan and its progress, and the acts upon it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accommodations.errors import PlanChanged
from accommodations.htmx import announce, render_page_or_partial
from accommodations.models import Course, CourseSync, Student, SyncRun
from accommodations.selectors import sync_runs as selectors
from accommodations.selectors.visibility import Viewer, sees_all_students
from accommodations.selectors.waiting import WaitingLists, waiting_for_people
from accommodations.services import sync_runs
from accommodations.services.act_limits import SYNC, count_act
from accommodations.tasks import prepare_sync_run, sync_course
from accommodations.tasks.wake import wake
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.limits import limited
from accommodations.views.lists import CountedPaginator, page_number

SEES_RUNS = ("see_all_runs", "see_taught_students")
STARTS = "start_sync"
RUNS_ON_A_PAGE, ACTIONS_ON_A_PAGE = 25, 100
NOTHING_NEW, STOP_POLLING = 204, 286
PART = "accommodations/partials/_sync_run_status.html"
QUEUE_IS_AWAY = "It is queued, and begins as soon as the queue answers."


@requires(*SEES_RUNS)
@require_safe
def sync_run_list(request: SignedInRequest) -> HttpResponse:
    """List the runs that the person may see, newest first."""
    runs = selectors.listed_runs(request.user)
    page = Paginator(runs, RUNS_ON_A_PAGE).get_page(page_number(request.GET.get("page")))
    return render_page_or_partial(
        request,
        page="accommodations/sync_run_list.html",
        partial="accommodations/partials/_sync_run_rows.html",
        context={"page": page, "may_see_changes": selectors.may_see_changes(request.user)},
    )


@requires(*SEES_RUNS)
@require_safe
def sync_run_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one run: what it would change and wait for, or how far it has come, with each result."""
    look = Look(request.user, _run(request, pk))
    context = look.context(page=request.GET.get("page"))
    return render_page_or_partial(request, page="accommodations/sync_run_detail.html", partial=PART, context=context)


@requires(*SEES_RUNS)
@require_safe
def sync_run_status(request: SignedInRequest, pk: int) -> HttpResponse:
    """Answer the page's poll: 204 while nothing has changed, 286 with the last state when there is no more to come.

    `seen` is the token of what the page shows; from it follows what is to be announced, so nothing is said twice.
    """
    look, seen = Look(request.user, _run(request, pk)), request.GET.get("seen", "")
    if not request.htmx:
        return redirect("sync_run_detail", look.run.pk)
    if look.progress.is_moving and look.progress.token == seen:
        return HttpResponse(status=NOTHING_NEW)
    status = 200 if look.progress.is_moving else STOP_POLLING
    page = request.GET.get("page")
    # The links between pages repeat the query of the page that polls, not that of the poll.
    request.GET = QueryDict(urlencode({"page": page}) if page else "")
    response = render(request, PART, look.context(page=page), status=status)
    return announce(response, look.sentence()) if look.progress.has_news_since(seen) else response


@requires(STARTS)
@require_POST
def sync_run_apply(request: SignedInRequest, pk: int) -> HttpResponse:
    """Approve the plans whose digests the page showed. A plan that changed since is shown again, not applied."""
    run = _run(request, pk)
    try:
        approved = sync_runs.approve_run(run=run, approved_by=request.user, digests=_digests(request))
    except PlanChanged as changed:
        return _answer(request, run, problem=changed.message)
    is_awake = all(wake(sync_course, course_sync.pk) for course_sync in approved)
    return _answer(request, run, problem="" if is_awake else QUEUE_IS_AWAY)


@requires(STARTS)
@require_POST
def sync_run_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop a run: what is in Canvas already stays."""
    run = sync_runs.cancel_run(run=_run(request, pk), cancelled_by=request.user)
    return _answer(request, run)


@requires(STARTS, "start_taught_sync")
@require_POST
@limited()
def start_course_sync(request: SignedInRequest, pk: int) -> HttpResponse:
    """Queue a sync of one course. The office reads its plan first; an instructor's runs as the hourly one would."""
    course = get_object_or_404(selectors.courses_syncable_by(request.user), pk=pk)
    reads = request.user.has_perm(f"accommodations.{STARTS}")
    run = selectors.active_run_of(request.user, course, reads_before_applying=reads)
    return _go_to(request, run or _start(request, courses=[course], reads_before_applying=reads))


@requires(STARTS)
@require_POST
@limited()
def start_student_sync(request: SignedInRequest, pk: int) -> HttpResponse:
    """Queue a sync of all courses of one student, to be read before it is applied."""
    student = get_object_or_404(Student, pk=pk)
    run = selectors.active_run_for(student)
    return _go_to(request, run or _start(request, student=student, reads_before_applying=True))


def _start(request: SignedInRequest, **what: Any) -> SyncRun:
    # A sync that is at work already is shown instead, and never counted.
    count_act(user=request.user, act=SYNC)
    run = sync_runs.request_sync_run(trigger=SyncRun.Trigger.PERSON, requested_by=request.user, **what)
    if not wake(prepare_sync_run, run.pk):
        messages.warning(request, QUEUE_IS_AWAY)
    return run


def _go_to(request: SignedInRequest, run: SyncRun) -> HttpResponse:
    address = reverse("sync_run_detail", args=[run.pk])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _run(request: SignedInRequest, pk: int) -> SyncRun:
    runs = selectors.runs_visible_to(request.user).select_related("requested_by", "student")
    return get_object_or_404(runs, pk=pk)


def _digests(request: SignedInRequest) -> dict[int, str]:
    """Return the digest of each course's plan as the page showed it; what is no number names no course."""
    prefix = "digest-"
    posted = {name.removeprefix(prefix): str(value) for name, value in request.POST.items() if name.startswith(prefix)}
    return {int(pk): value for pk, value in posted.items() if pk.isascii() and pk.isdigit() and len(pk) < 19}


def _answer(request: SignedInRequest, run: SyncRun, *, problem: str = "") -> HttpResponse:
    """Show the run as it now is: the changed part with the focus on its heading, or the whole page again."""
    if not request.htmx:
        if problem:
            messages.warning(request, problem)
        return redirect("sync_run_detail", run.pk)
    look = Look(request.user, _run(request, run.pk))
    response = render(request, PART, look.context() | {"problem": problem, "takes_focus": True})
    return announce(response, problem or look.sentence())


class Look:
    """One person's look at one run; the cheap part first, so that a poll without news costs little."""

    def __init__(self, viewer: Viewer, run: SyncRun) -> None:
        self.viewer, self.run = viewer, run
        self.parts = list(selectors.course_syncs_visible_to(viewer, run))
        self.progress = selectors.progress_of(run, self.parts, selectors.counted_actions(viewer, run))

    def sentence(self) -> str:
        """Return the sentence that a live region says of the run."""
        words = render_to_string(
            "accommodations/partials/_run_announcement.html", {"run": self.run, "progress": self.progress}
        )
        return " ".join(words.split())

    def _waiting(self) -> WaitingLists:
        """Return what was stopped or set aside in the run's courses, where something in this run was."""
        if not self.progress.held and self.run.status not in (SyncRun.Status.FAILED, SyncRun.Status.PARTIAL):
            return WaitingLists()
        return waiting_for_people(self.viewer, courses=Course.objects.filter(course_syncs__run=self.run))

    def context(self, *, page: str | None = None) -> dict[str, Any]:
        """Return everything that the page and its live part show."""
        actions = selectors.actions_visible_to(self.viewer, self.run)
        is_read_first = self.progress.phase is selectors.Phase.READABLE
        ordered = selectors.in_plan_order(actions) if is_read_first else selectors.problems_first(actions)
        number = self.progress.actions if selectors.may_see_changes(self.viewer) else 0
        shown = CountedPaginator(ordered, ACTIONS_ON_A_PAGE, count=number).get_page(page_number(page))
        left_alone = selectors.left_alone(self.viewer, self.run, self.parts)
        first_left = list(left_alone[: selectors.LEFT_ALONE_SHOWN])
        are_all = len(first_left) < selectors.LEFT_ALONE_SHOWN
        return {
            "run": self.run,
            "parts": self.parts,
            "progress": self.progress,
            "readable_parts": [part for part in self.parts if part.status == CourseSync.Status.PLANNED],
            "failed_parts": [part for part in self.parts if part.status == CourseSync.Status.FAILED],
            "page": shown,
            "groups": selectors.by_course(selectors.action_rows(list(shown.object_list))),
            "left_alone": first_left,
            "left_alone_count": len(first_left) if are_all else left_alone.count(),
            "may_see_changes": selectors.may_see_changes(self.viewer),
            "has_student_column": not self.run.student_id or self.progress.of_others > 0,
            "may_open_students": sees_all_students(self.viewer),
            "may_act": self.viewer.has_perm(f"accommodations.{STARTS}"),
            "waiting": self._waiting(),
            "may_decide": self.viewer.has_perm("accommodations.confirm_guard"),
            **self._retrying(),
        }

    def _retrying(self) -> dict[str, Any]:
        """Return what the page says of trying again what failed: by which runs it was, and whether one may now."""
        failed = self.progress.failed or any(part.status == CourseSync.Status.FAILED for part in self.parts)
        if not failed:
            return {}
        count = 0
        if not self.run.is_active:
            mine = selectors.courses_syncable_by(self.viewer)
            count = selectors.failed_courses(self.run).filter(pk__in=mine.values("pk")).count()
        again = selectors.runs_visible_to(self.viewer).filter(retries=self.run).order_by("-pk")
        return {"retried_by": again, "may_retry": count > 0, "retry_count": count}
