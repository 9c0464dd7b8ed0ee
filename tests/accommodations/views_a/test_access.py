"""Who may open what: strangers, each role, own and foreign objects, pages and parts."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.models import ActionLogEntry, InstitutionSettings
from accommodations.planning.statuses import Reason
from tests.accommodations.views_a.conftest import ROLES, Campus, add_pair
from tests.factories import make_assessment, make_enrollment, make_pair, make_student, make_user

OFFICE = {"coordinator", "director", "auditor"}
LISTS = {
    "home": (set(ROLES) - {"student"}, 200),
    "student_list": (OFFICE, 200),
    "student_export": (OFFICE, 200),
    "course_list": (OFFICE | {"instructor"}, 200),
    "pair_list": (OFFICE, 200),
    "pair_export": (OFFICE, 200),
    "log": (OFFICE, 200),
    "log_export": (OFFICE - {"coordinator"}, 200),
    "log_anchors_export": (OFFICE - {"coordinator"}, 200),
    "own_page": ({"student"}, 200),
    "home_live": (OFFICE, 200),
    "operations": ({"director", "administrator"}, 200),
    "styleguide": (set(ROLES), 200),
}
POST_ONLY = ("find", "log_check", "choose_theme")


def _object_urls(campus: Campus) -> dict[str, tuple[str, set[str]]]:
    return {
        "a student": (reverse("student_detail", args=[campus.amara.pk]), OFFICE),
        "an own course": (reverse("course_detail", args=[campus.own.pk]), OFFICE | {"instructor"}),
        "a foreign course": (reverse("course_detail", args=[campus.foreign.pk]), OFFICE),
        "an own pair": (reverse("pair_detail", args=[campus.own_pair.pk]), OFFICE | {"instructor", "student"}),
        "a foreign pair": (reverse("pair_detail", args=[campus.foreign_pair.pk]), OFFICE),
        "evidence of a pair": (reverse("pair_evidence", args=[campus.own_pair.pk]), OFFICE),
        "a student's report": (reverse("student_report", args=[campus.amara.pk]), OFFICE),
        "a course's report": (reverse("course_report", args=[campus.own.pk]), OFFICE),
        "an own pair explained": (reverse("pair_explain", args=[campus.own_pair.pk]), OFFICE | {"instructor"}),
        "a foreign pair explained": (reverse("pair_explain", args=[campus.foreign_pair.pk]), OFFICE),
    }


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "part"])
def test_b01_strangers_are_sent_to_sign_in(name: str, headers: dict[str, str], client: Client, db: None) -> None:
    response = client.get(reverse(name), headers=headers)
    assert response.status_code == 302
    assert response.url.startswith(reverse("sign_in"))


def test_b01_strangers_learn_nothing_of_single_objects(campus: Campus, client: Client) -> None:
    for url, _ in _object_urls(campus).values():
        response = client.get(url)
        assert (response.status_code, response.url.split("?")[0]) == (302, reverse("sign_in"))


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "part"])
@pytest.mark.parametrize("role", ROLES)
def test_b02_each_role_opens_exactly_its_lists(
    role: str, headers: dict[str, str], as_role: Callable[[str], Client]
) -> None:
    client = as_role(role)
    for name, (allowed, status) in LISTS.items():
        expected = status if role in allowed else (302 if name == "home" else 404)
        assert client.get(reverse(name), headers=headers).status_code == expected, name


@pytest.mark.parametrize("role", ROLES)
def test_b02_b03_foreign_objects_are_not_there(role: str, campus: Campus, as_role: Callable[[str], Client]) -> None:
    client = as_role(role)
    for what, (url, allowed) in _object_urls(campus).items():
        expected = 200 if role in allowed else 404
        assert client.get(url).status_code == expected, what
        assert client.get(url, headers={"HX-Request": "true"}).status_code == expected, what


def test_b03_a_section_limited_instructor_sees_only_their_sections(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    campus.users["instructor"].linked_person.teachings.update(is_limited_to_section=True)
    other = make_student(name="Farid Rahimi")
    make_enrollment(other, campus.own, canvas_section_id=99)
    hidden = make_pair(other, campus.quiz)
    page = as_role("instructor").get(reverse("course_detail", args=[campus.own.pk])).content.decode()
    assert "Amara Okonkwo" in page
    assert "Farid Rahimi" not in page
    assert as_role("instructor").get(reverse("pair_detail", args=[hidden.pk])).status_code == 404


def test_b03_an_assistant_sees_nothing_unless_the_institution_says_so(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    campus.users["instructor"].linked_person.teachings.update(is_assistant=True)
    url = reverse("course_detail", args=[campus.own.pk])
    assert as_role("instructor").get(url).status_code == 404
    settings = InstitutionSettings.current()
    settings.assistants_see_courses = True
    settings.save()
    assert as_role("instructor").get(url).status_code == 200


def test_b03_access_ends_with_the_enrollment(campus: Campus, as_role: Callable[[str], Client]) -> None:
    campus.users["instructor"].linked_person.teachings.all().delete()
    assert as_role("instructor").get(reverse("course_detail", args=[campus.own.pk])).status_code == 404
    assert as_role("instructor").get(reverse("pair_detail", args=[campus.own_pair.pk])).status_code == 404


@pytest.mark.parametrize("role", ["auditor", "instructor", "student"])
def test_b04_private_notes_are_absent_for_those_who_may_not_read_them(
    role: str, campus: Campus, as_role: Callable[[str], Client]
) -> None:
    client = as_role(role)
    for url, _ in _object_urls(campus).values():
        assert "Only for the office." not in client.get(url).content.decode()
    assert "Only for the office." not in client.get(reverse("home"), follow=True).content.decode()


def test_b04_the_office_reads_the_note(campus: Campus, as_role: Callable[[str], Client]) -> None:
    page = as_role("coordinator").get(reverse("student_detail", args=[campus.amara.pk])).content.decode()
    assert "Only for the office." in page


@pytest.mark.parametrize("role", ["auditor", "instructor", "student"])
def test_b05_a_change_crafted_by_hand_is_refused(role: str, campus: Campus, as_role: Callable[[str], Client]) -> None:
    missed = add_pair(campus.amara, make_assessment(campus.own, name="Quiz 9"), Reason.CLOSED)
    response = as_role(role).post(reverse("pair_detail", args=[missed.pk]), {"note": "Crafted by hand."})
    assert response.status_code == 403
    assert "Your role does not allow this" in response.content.decode()
    missed.refresh_from_db()
    assert missed.settled_at is None


@pytest.mark.parametrize("name", POST_ONLY)
def test_b07_a_state_change_by_get_is_refused(name: str, as_role: Callable[[str], Client]) -> None:
    assert as_role("coordinator").get(reverse(name)).status_code == 405


def test_b07_a_post_without_the_token_is_refused_with_a_page(campus: Campus) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(campus.users["coordinator"])
    response = client.post(reverse("find"), {"q": "Amara"})
    assert response.status_code == 403
    assert "The form was not sent" in response.content.decode()


def test_b32_signed_in_pages_are_never_stored(campus: Campus, as_role: Callable[[str], Client]) -> None:
    client = as_role("coordinator")
    for url in (reverse("home"), reverse("student_detail", args=[campus.amara.pk]), "/no/such/page/"):
        response = client.get(url)
        assert response["Cache-Control"] == "no-store"
        assert "HX-Request" in response["Vary"]


def test_a_person_without_a_role_is_told_so(db: None) -> None:
    client = Client()
    client.force_login(make_user(None))
    assert "You have no role yet" in client.get(reverse("home")).content.decode()


def test_every_view_of_a_record_is_logged(campus: Campus, as_role: Callable[[str], Client]) -> None:
    as_role("auditor").get(reverse("student_detail", args=[campus.amara.pk]))
    as_role("auditor").get(reverse("pair_detail", args=[campus.own_pair.pk]))
    as_role("student").get(reverse("own_page"))
    seen = ActionLogEntry.objects.filter(act="student.viewed", student_id_logged=campus.amara.pk)
    assert [entry.actor.username for entry in seen.order_by("sequence") if entry.actor] == [
        campus.users["auditor"].username,
        campus.users["auditor"].username,
        campus.users["student"].username,
    ]


def test_b15_names_are_text_everywhere(campus: Campus, as_role: Callable[[str], Client]) -> None:
    campus.amara.name = campus.amara.sortable_name = '<script>alert(1)</script>"><img src=x>'
    campus.amara.save()
    campus.quiz.name = "{{7*7}}<b>"
    campus.quiz.save()
    client = as_role("coordinator")
    for url, _ in _object_urls(campus).values():
        page = client.get(url).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x>" not in page
        assert "{{7*7}}<b>" not in page


def test_b37_the_missing_page_has_a_way_back_and_a_number(as_role: Callable[[str], Client]) -> None:
    response = as_role("coordinator").get("/no/such/page/")
    assert response.status_code == 404
    assert response["X-Request-ID"] in response.content.decode()
