"""The page on which a running attempt is extended: what it shows, what it refuses, who may open it."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.models import ActionLogEntry, CanvasAct
from accommodations.views import acts as views
from tests.accommodations.acts.conftest import Running, in_minutes
from tests.factories import make_linked_person, make_teaching, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "wake", lambda *arguments: True)


@pytest.fixture
def coordinator(db: None) -> Client:
    return signed_in("coordinator")


def signed_in(role: str) -> Client:
    client = Client()
    client.user = make_user(role)
    client.force_login(client.user)
    return client


def address(running: Running) -> str:
    return reverse("attempt_extend", args=[running.pair.pk])


def fields_of(page: str) -> dict[str, str]:
    """Return what the form of the page would send."""
    inputs = re.findall(r"<input[^>]*>", page)
    found = {}
    for one in inputs:
        name, value = re.search(r'name="([^"]*)"', one), re.search(r'value="([^"]*)"', one)
        if name:
            found[name[1]] = value[1] if value else ""
    return found


def read(client: Client, running: Running) -> tuple[str, dict[str, str]]:
    page = client.get(address(running)).content.decode()
    return page, fields_of(page)


def test_it_shows_when_the_attempt_ends_now_and_then(coordinator: Client, running: Running) -> None:
    page, fields = read(coordinator, running)
    assert "60 min + 30 min" in " ".join(page.split())
    assert "30 min later" in page
    assert fields["minutes"] == fields["shown_minutes"] == "30"
    assert not running.university.state.quiz_submission_of(running.quiz, running.university.ada.id).extra_attempts
    assert CanvasAct.objects.count() == 0, "reading changes nothing"


def test_confirmed_it_is_extended_and_the_pair_says_so(coordinator: Client, running: Running) -> None:
    before, (_, fields) = running.end_at, read(coordinator, running)
    response = coordinator.post(address(running), fields, follow=True)
    assert (running.end_at - before).total_seconds() == 30 * 60
    assert "Extended. In Canvas the attempt now ends" in response.content.decode()
    assert response.redirect_chain[-1][0] == reverse("pair_detail", args=[running.pair.pk])
    assert (
        "Extended the running attempt" in response.content.decode() or "Accepted by Canvas" in response.content.decode()
    )


def test_b09_a_double_click_extends_it_once(coordinator: Client, running: Running) -> None:
    before, (_, fields) = running.end_at, read(coordinator, running)
    coordinator.post(address(running), fields)
    second = coordinator.post(address(running), fields, follow=True)
    assert (running.end_at - before).total_seconds() == 30 * 60
    assert CanvasAct.objects.count() == 1
    assert second.status_code == 200


def test_other_minutes_are_shown_before_anything_is_sent(coordinator: Client, running: Running) -> None:
    before, (_, fields) = running.end_at, read(coordinator, running)
    page = coordinator.post(address(running), {**fields, "minutes": "45"}).content.decode()
    assert running.end_at == before
    assert "Nothing has been sent yet" in page
    coordinator.post(address(running), fields_of(page))
    assert (running.end_at - before).total_seconds() == 45 * 60


def test_b11_what_is_no_number_of_minutes_is_an_error_at_the_field(coordinator: Client, running: Running) -> None:
    before, (_, fields) = running.end_at, read(coordinator, running)
    for minutes in ("0", "-1", "1441", "soon", "1.5", "", "３０"):
        page = coordinator.post(address(running), {**fields, "minutes": minutes}).content.decode()
        assert "Enter a whole number of minutes from 1 to 1440." in page, minutes
        assert "<title>Error: " in page
    assert running.end_at == before


def test_b09_a_page_that_is_older_than_the_attempts_end_sends_nothing(coordinator: Client, running: Running) -> None:
    _, fields = read(coordinator, running)
    moved = running.row.end_at = in_minutes(50)
    page = coordinator.post(address(running), fields).content.decode()
    assert "no longer ends when this page said" in page
    assert running.end_at == moved


def test_a_new_quiz_offers_none_and_the_page_says_so(coordinator: Client, running: Running) -> None:
    running.pair.assessment.kind = "new_quiz"
    running.pair.assessment.save()
    page = coordinator.get(address(running)).content.decode()
    assert "New Quiz" in page
    assert "Extend the attempt<" not in page


def test_where_canvas_does_not_answer_the_page_says_that_nothing_was_sent(
    coordinator: Client, running: Running
) -> None:
    running.university.fault("drop_before", count=20)
    response = coordinator.get(address(running))
    assert response.status_code == 200
    assert "Canvas did not answer" in response.content.decode()


def test_an_instructor_extends_their_students_attempt_and_nobody_elses(running: Running) -> None:
    stranger, teacher = signed_in("instructor"), signed_in("instructor")
    make_teaching(make_linked_person(teacher.user), running.pair.course)
    make_linked_person(stranger.user)
    assert stranger.get(address(running)).status_code == 404
    assert stranger.post(address(running), {}).status_code == 404
    before, (_, fields) = running.end_at, read(teacher, running)
    teacher.post(address(running), fields)
    assert (running.end_at - before).total_seconds() == 30 * 60
    act = ActionLogEntry.objects.filter(act="canvas.write.applied").latest("sequence")
    assert act.actor == teacher.user


def test_b05_others_extend_nothing(running: Running) -> None:
    before = running.end_at
    for role in ("auditor", "student", "administrator"):
        client = signed_in(role)
        assert client.get(address(running)).status_code == 404
        assert client.post(address(running), {"minutes": "30"}).status_code == 403
    assert running.end_at == before


def test_the_button_is_only_there_for_those_who_may(running: Running, coordinator: Client) -> None:
    url = reverse("pair_detail", args=[running.pair.pk])
    assert address(running) in coordinator.get(url).content.decode()
    assert address(running) not in signed_in("auditor").get(url).content.decode()


def test_student_and_course_pages_show_the_attempt_above_everything(running: Running, coordinator: Client) -> None:
    pages: tuple[tuple[str, int], ...] = (
        ("student_detail", running.pair.student_id),
        ("course_detail", running.pair.course_id),
    )
    for name, pk in pages:
        page = coordinator.get(reverse(name, args=[pk])).content.decode()
        assert page.index("Running attempt short") < page.index("<h1>")
        assert address(running) in page
