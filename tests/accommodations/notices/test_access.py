"""Who may open and do what of notices, concerns and letters: every page for every role, own and foreign."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.models import Concern, LetterRecord, Notice, OutboxMail
from accommodations.services.concerns import raise_concern
from accommodations.urls_notices import urlpatterns
from tests.accommodations.views_a.conftest import ROLES, Campus, at_most_queries
from tests.factories import make_accommodation

OFFICE = frozenset({"coordinator", "director"})
SEERS = OFFICE | {"auditor"}
HTMX = {"HX-Request": "true"}
Make = Callable[[], Notice]


@dataclass(frozen=True)
class Page:
    """One URL: which object it names, who reads it (else 404), who may post (`foreign`: 404 for them)."""

    name: str
    readers: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    object: str = ""
    missing_for_actors: frozenset[str] = frozenset()


PAGES = (
    Page("notice_list", SEERS),
    Page("notice_export", SEERS),
    Page("notice_detail", SEERS | {"instructor"}, object="notice"),
    Page(
        "notice_acknowledge",
        actors=frozenset({"instructor"}),
        object="notice",
        missing_for_actors=frozenset({"student", "administrator"}),
    ),
    Page("notice_send", OFFICE, OFFICE, object="notice"),
    Page("concern_list", SEERS | {"instructor"}),
    Page("concern_export", SEERS),
    Page(
        "concern_detail",
        SEERS | {"instructor"},
        OFFICE,
        object="concern",
        missing_for_actors=frozenset({"student", "administrator"}),
    ),
    Page("concern_new", frozenset({"instructor"}), frozenset({"instructor"}), object="course"),
    Page("letter_new", frozenset({"instructor"}), frozenset({"instructor"}), object="course"),
    Page("letter_list", SEERS),
    Page("letter_confirm", actors=OFFICE, object="letter"),
    Page("outbox", frozenset(ROLES)),
    Page("outbox_mail", frozenset(ROLES), object="mail"),
)


@pytest.fixture
def objects(campus: Campus, told: Make) -> dict[str, int]:
    """Return the row numbers of one object of each kind; letters are on."""
    from tests.accommodations.notices.conftest import institution

    institution(instructors_record_letters=True)
    concern = raise_concern(course=campus.own, student=campus.amara, raised_by=campus.users["instructor"], words="Why?")
    letter = LetterRecord.objects.create(
        accommodation=make_accommodation(campus.amara), course=campus.own, recorded_by=campus.users["instructor"]
    )
    return {
        "notice": told().pk,
        "concern": concern.pk,
        "course": campus.own.pk,
        "letter": letter.pk,
        "mail": OutboxMail.objects.create(to="a@b.example", subject="Hello", source="Subject: Hello\n\nText").pk,
    }


def address_of(page: Page, objects: dict[str, int]) -> str:
    return reverse(page.name, args=[objects[page.object]] if page.object else [])


def test_every_page_of_this_part_is_in_the_matrix() -> None:
    assert {page.name for page in PAGES} == {pattern.name for pattern in urlpatterns}


def test_b01_strangers_are_sent_to_sign_in(objects: dict[str, int], client: Client) -> None:
    for page in PAGES:
        for response in (client.get(address_of(page, objects)), client.post(address_of(page, objects))):
            assert response.status_code in (302, 405), page.name
            assert response.status_code == 405 or response.url.startswith(reverse("sign_in")), page.name


@pytest.mark.parametrize("role", ROLES)
def test_b02_each_role_reads_exactly_its_pages(
    role: str, objects: dict[str, int], as_role: Callable[[str], Client]
) -> None:
    client = as_role(role)
    for page in PAGES:
        expected = {200} if role in page.readers else {404, 405}
        for headers in ({}, HTMX):
            assert client.get(address_of(page, objects), headers=headers).status_code in expected, page.name


@pytest.mark.parametrize("role", ROLES)
def test_b05_each_role_does_exactly_what_is_its_own(
    role: str, objects: dict[str, int], as_role: Callable[[str], Client]
) -> None:
    client = as_role(role)
    for page in PAGES:
        status = client.post(address_of(page, objects)).status_code
        if role in page.actors:
            assert status in (200, 302), page.name
        elif role in page.missing_for_actors:
            assert status == 404, page.name
        else:
            assert status in ((200, 302, 403, 405) if role in page.readers and not page.actors else (403, 405)), (
                page.name
            )
    assert Concern.objects.get().answered_at is None


@pytest.mark.parametrize("page", [page for page in PAGES if page.actors], ids=lambda page: page.name)
def test_b07_a_post_without_the_token_of_the_form_is_refused(
    page: Page, objects: dict[str, int], campus: Campus
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(campus.users[sorted(page.actors)[0]])
    assert client.post(address_of(page, objects)).status_code == 403


def test_b03_foreign_objects_are_not_there_for_an_instructor(
    objects: dict[str, int], campus: Campus, as_role: Callable[[str], Client]
) -> None:
    foreign = raise_concern(course=campus.foreign, raised_by=campus.users["coordinator"], words="Not theirs.")
    Notice.objects.filter(pk=objects["notice"]).update(recipient=campus.users["director"])
    client = as_role("instructor")
    for name, pk in (
        ("notice_detail", objects["notice"]),
        ("concern_detail", foreign.pk),
        ("concern_new", campus.foreign.pk),
        ("letter_new", campus.foreign.pk),
        ("notice_detail", 987654),
        ("concern_detail", 987654),
    ):
        assert client.get(reverse(name, args=[pk])).status_code == 404, name
    assert client.post(reverse("notice_acknowledge", args=[objects["notice"]])).status_code == 404
    assert client.post(reverse("letter_new", args=[campus.foreign.pk]), {"student": "x"}).status_code == 404
    assert "Not theirs." not in client.get(reverse("concern_list")).content.decode()


def test_nobody_answers_for_somebody_else(
    objects: dict[str, int], campus: Campus, as_role: Callable[[str], Client]
) -> None:
    assert as_role("director").post(reverse("notice_acknowledge", args=[objects["notice"]])).status_code == 403
    assert Notice.objects.get(pk=objects["notice"]).answered_at is None


def test_b04_a_notice_shows_an_instructor_only_what_they_may_still_know(
    objects: dict[str, int], campus: Campus, as_role: Callable[[str], Client]
) -> None:
    url = reverse("notice_detail", args=[objects["notice"]])
    assert "Amara Okonkwo" in as_role("instructor").get(url).content.decode()
    campus.users["instructor"].linked_person.teachings.all().delete()
    page = as_role("instructor").get(url).content.decode()
    assert "Amara Okonkwo" not in page
    assert "Only for the office." not in page


def test_b15_names_and_words_are_text_everywhere(
    objects: dict[str, int], campus: Campus, as_role: Callable[[str], Client]
) -> None:
    evil = '<script>alert(1)</script>"><img src=x onerror=y>'
    campus.amara.name = campus.amara.sortable_name = campus.quiz.name = evil
    campus.amara.save()
    campus.quiz.save()
    Concern.objects.update(words=evil, assessment=campus.quiz)
    OutboxMail.objects.update(subject=evil, source=f"Subject: x\n\n{evil}")
    Notice.objects.update(body=evil, message=evil)
    for role in ("coordinator", "instructor"):
        client = as_role(role)
        for page in (one for one in PAGES if not one.name.endswith("_export")):
            text = client.get(address_of(page, objects)).content.decode()
            assert "<script>alert" not in text, page.name
            assert "<img src=x" not in text, page.name


def test_the_lists_need_few_queries_however_long_they_are(
    objects: dict[str, int], campus: Campus, told: Make, as_role: Callable[[str], Client]
) -> None:
    for number in range(30):
        told()
        raise_concern(course=campus.own, raised_by=campus.users["instructor"], words=f"Number {number}")
    office, instructor = as_role("coordinator"), as_role("instructor")
    for client, name in ((office, "notice_list"), (office, "concern_list"), (instructor, "concern_list")):
        with at_most_queries():
            assert client.get(reverse(name)).status_code == 200
    for client in (office, instructor):
        with at_most_queries():
            client.get(reverse("notice_detail", args=[objects["notice"]]))
        with at_most_queries():
            client.get(reverse("concern_detail", args=[objects["concern"]]))


@pytest.mark.parametrize("query", ["?page=-1", "?page=1000000000", "?sort=password", "?show=everything", "?find=99"])
def test_b18_nonsense_in_the_address_is_the_list(query: str, campus: Campus, as_role: Callable[[str], Client]) -> None:
    for name in ("notice_list", "concern_list"):
        assert as_role("coordinator").get(reverse(name) + query).status_code == 200
