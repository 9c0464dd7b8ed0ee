"""F31: our course and student numbers mean others in another Canvas, so nothing is ever sent there."""

import pytest
from django.conf import settings
from django.core.management import call_command

from accommodations.errors import ConnectionRefused, NotConnected
from accommodations.models import ActionLogEntry, CanvasConnection, InstitutionSettings, Student
from accommodations.services import connections
from tests.accommodations.services.conftest import TOKEN, University, give, statuses, sync_now, time_and_a_half
from tests.factories import make_user

pytestmark = pytest.mark.django_db
OTHER = "https://canvas.test.example.edu"


@pytest.fixture
def swapped(ada: Student, connection: CanvasConnection, monkeypatch: pytest.MonkeyPatch) -> CanvasConnection:
    """Return the connection after its address was swapped for that of a test instance, which has the same ids."""
    give(ada, time_and_a_half())
    monkeypatch.setattr(settings, "ALLOWED_CANVAS_HOSTS", ["canvas.example.edu:443", "canvas.test.example.edu:443"])
    CanvasConnection.objects.update(base_url=OTHER)
    return connection


def test_f31_a_swapped_address_is_never_asked_and_no_token_is_called_refused(
    swapped: CanvasConnection, university: University
) -> None:
    university.forget_requests()
    run = sync_now()
    assert university.requests == []
    assert run.status == "failed"
    assert "canvas.test.example.edu" in run.message
    assert not CanvasConnection.objects.get().is_token_refused
    with pytest.raises(NotConnected) as raised:
        connections.usable_connection()
    assert raised.value.code == "canvas.other_host"


def test_f31_a_person_cannot_save_another_canvas_either(swapped: CanvasConnection) -> None:
    with pytest.raises(ConnectionRefused) as refused:
        connections.save_connection(base_url=OTHER, token=TOKEN, saved_by=make_user("administrator"))
    assert (refused.value.code, refused.value.field) == ("canvas.other_host", "base_url")


def test_f31_the_same_canvas_under_a_new_name_is_said_by_an_administrator(
    swapped: CanvasConnection, university: University
) -> None:
    call_command("confirm_canvas", "Canvas.Test.example.edu")
    assert InstitutionSettings.current().canvas_host == "canvas.test.example.edu"
    assert ActionLogEntry.objects.filter(act="connection.renamed").exists()
    university.forget_requests()
    assert sync_now().status == "done"
    assert university.writes == []
    assert statuses()[("ada", "Midterm")] in ("read_back", "accepted")


def test_f31_before_anything_was_written_another_canvas_may_be_tried(
    connection: CanvasConnection, university: University
) -> None:
    connections.usable_connection()
    CanvasConnection.objects.update(base_url=OTHER)
    connections.usable_connection()
    assert InstitutionSettings.current().canvas_host == "canvas.test.example.edu"
