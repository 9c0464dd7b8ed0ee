"""The demo from an empty database to the first sync: seeded over the bridge, every status and reason is there."""

from collections import Counter
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from accommodations.demo.accounts import ACCOUNTS
from accommodations.demo.campus import sis_user_id
from accommodations.demo.situations import SITUATIONS, Situation
from accommodations.models import (
    Accommodation,
    ActionLogEntry,
    CanvasConnection,
    Course,
    CourseSync,
    LedgerEntry,
    LinkedPerson,
    PairStatus,
    Student,
    SyncRun,
)
from accommodations.planning.statuses import NOT_COVERED, Reason, Status
from accommodations.services import action_log, connections, sync_runner, sync_runs
from accommodations.services.action_log import Verified
from canvas_bridge.gateway import CanvasGateway
from canvas_bridge.sandbox.adapter import SandboxAdapter
from canvas_bridge.sandbox.seed.university import build
from canvas_bridge.sandbox.state import SandboxState

ADDRESS = "http://127.0.0.1:9"
TOKEN = "token-of-the-seeded-sandbox"
SEED = 1


@pytest.fixture(scope="module")
def sandbox() -> SandboxState:
    state = SandboxState()
    build(state, seed=SEED)
    state.add_admin_token(TOKEN)
    return state


def gateway_to(state: SandboxState) -> Callable[..., CanvasGateway]:
    """Return what `connections.gateway_for` is replaced by: the same gateway, answered by the sandbox in process."""

    def gateway_for(
        connection: CanvasConnection,
        before_request: Callable[[], None] | None = None,
        *,
        most_tries: int = 5,
        lane: object = None,
    ) -> CanvasGateway:
        return CanvasGateway(
            base_url=connection.base_url,
            token=connection.token,
            before_request=before_request,
            most_tries=most_tries,
            sleep=lambda seconds: None,
            adapter=SandboxAdapter(state),
        )

    return gateway_for


@pytest.fixture(scope="module")
def first_sync(sandbox: SandboxState, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Seed the demo and run its runs to their end, once for this file, in a transaction that is rolled back."""
    connected = override_settings(CANVAS_BASE_URL=ADDRESS, CANVAS_TOKEN=TOKEN, ALLOWED_CANVAS_HOSTS=["127.0.0.1:9"])
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, connected, transaction.atomic():
        patch.setattr(connections, "gateway_for", gateway_to(sandbox))
        printed = StringIO()
        call_command("seed_demo", stdout=printed)
        for run in SyncRun.objects.order_by("pk"):
            run_to_its_end(run)
        yield printed.getvalue()
        transaction.set_rollback(True)


def run_to_its_end(run: SyncRun) -> None:
    for course_sync_id in sync_runs.prepare_run(run.pk):
        sync_runner.run_course_sync(course_sync_id)


def pair_of(situation: Situation) -> PairStatus:
    return PairStatus.objects.get(
        student__sis_user_id=sis_user_id(situation.student),
        course__course_code=situation.course,
        assessment__name=situation.assessment,
    )


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_sync")]


def test_every_reason_and_so_every_status_has_a_pair() -> None:
    found = set(PairStatus.objects.values_list("reason", flat=True))
    assert set(Reason) - found == set()
    assert set(PairStatus.objects.values_list("status", flat=True)) == set(Status)


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: f"{one.reason}-{one.course}".replace(" ", ""))
def test_each_situation_has_exactly_its_reason(situation: Situation) -> None:
    pair = pair_of(situation)
    assert pair.reason == situation.reason, pair.sentence


def test_sixty_students_have_accommodations_of_every_status() -> None:
    assert Student.objects.count() == 60
    assert set(Accommodation.objects.values_list("status", flat=True)) == set(Accommodation.Status)
    reasons = set(Accommodation.objects.exclude(end_reason="").values_list("end_reason", flat=True))
    assert reasons == set(Accommodation.EndReason)


def test_the_home_page_has_a_few_problems_and_coverage_above_nine_in_ten() -> None:
    by_status = Counter(PairStatus.objects.values_list("status", flat=True))
    in_place = by_status[Status.IN_PLACE]
    whole = in_place + sum(by_status[status] for status in NOT_COVERED)
    assert in_place > 300, by_status
    assert 0.90 <= in_place / whole < 1, by_status


def test_the_plan_that_is_to_be_read_waits_and_no_course_failed() -> None:
    waiting = CourseSync.objects.filter(status=CourseSync.Status.PLANNED)
    assert [one.course.course_code for one in waiting] == ["HIST 210"]
    failed = CourseSync.objects.filter(status=CourseSync.Status.FAILED)
    assert [(one.course.course_code, one.message) for one in failed] == []


def test_r4_a_sync_right_after_the_first_sync_writes_nothing_new() -> None:
    put = LedgerEntry.objects.count()
    run = sync_runs.request_sync_run(
        trigger=SyncRun.Trigger.HOURLY, courses=Course.objects.filter(course_code="MATH 121")
    )
    run_to_its_end(run)
    assert LedgerEntry.objects.count() == put
    assert run.course_syncs.get().actions.count() == 0


def test_seeding_twice_says_so_and_changes_nothing() -> None:
    before = (Student.objects.count(), Accommodation.objects.count(), SyncRun.objects.count())
    printed = StringIO()
    call_command("seed_demo", stdout=printed)
    assert "already" in printed.getvalue()
    assert (Student.objects.count(), Accommodation.objects.count(), SyncRun.objects.count()) == before


def test_the_accounts_are_printed_and_tied_to_their_canvas_people(first_sync: str) -> None:
    for account in ACCOUNTS:
        assert account.username in first_sync
        assert account.password in first_sync
    iris = LinkedPerson.objects.get(user__username="iris")
    assert {teaching.course.course_code for teaching in iris.teachings.all()} >= {"PSYC 101", "MATH 121"}
    noor = LinkedPerson.objects.get(user__username="noor")
    assert Student.objects.get(canvas_user_id=noor.canvas_user_id).name == "Noor Haddad"


def test_seeding_is_refused_where_it_is_not_the_demo() -> None:
    with override_settings(DEMO=False), pytest.raises(CommandError, match="DEMO=1"):
        call_command("seed_demo")


def test_r14_the_log_holds_what_was_recorded_and_its_chain_is_whole() -> None:
    assert isinstance(action_log.verify(), Verified)
    acts = set(ActionLogEntry.objects.values_list("act", flat=True))
    assert acts >= {"accommodation.recorded", "exception.recorded", "course.released", "settings.changed"}
