"""Users and roles, one-time links, and how often somebody may do what costs much."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connections as database_connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accommodations.errors import AccountRefused, InvitationUnusable, TooOften
from accommodations.models import ActionLogEntry, ActionLogPayload, Invitation, LinkedPerson, SyncRun
from accommodations.services import act_limits, invitations, users
from tests.accommodations.views_b.conftest import SignIn
from tests.factories import PASSWORD, make_course, make_linked_person, make_user

pytestmark = pytest.mark.django_db

GOOD = "seven lanterns over the quay"
MARA = {"username": "m.osei", "first_name": "Mara", "last_name": "Osei", "email": "", "role": "auditor", "login_id": ""}


@pytest.fixture
def administrator(sign_in: SignIn) -> Client:
    return sign_in("administrator")


def invited(administrator: Client, **fields: str) -> str:
    """Invite somebody and return the path of the link, as the page shows it, once."""
    page = administrator.post(reverse("user_invite"), MARA | fields).content.decode()
    found = re.search(r'value="http://testserver(/invitation/[^"]+/)"', page)
    assert found, re.findall(r"field__error[^<]*<[^>]*>[^<]*", page)
    return found[1]


def set_password(path: str, password: str = GOOD) -> Client:
    """Open the link at a browser of one's own, and set a password."""
    client = Client()
    client.get(path)
    client.answer = client.post(reverse("invitation_accept"), {"password": password})
    return client


def test_a_one_time_link_makes_the_account_with_its_role_and_is_used_up(administrator: Client) -> None:
    path = invited(administrator)

    first, second = set_password(path), Client()
    second.get(path)

    assert first.answer.url == reverse("sign_in")
    user = User.objects.get(username="m.osei")
    assert [group.name for group in user.groups.all()] == ["auditor"]
    assert Client().login(username="m.osei", password=GOOD)
    assert second.get(reverse("invitation_accept")).status_code == 410
    entries = ActionLogEntry.objects.filter(act__startswith="user.").order_by("sequence")
    assert [entry.act for entry in entries] == ["user.invited", "user.added", "user.invitation_used"]


def test_r17_of_a_link_only_the_digest_is_kept_and_nothing_of_it_is_logged(administrator: Client) -> None:
    token = invited(administrator).rstrip("/").rpartition("/")[2]

    row = Invitation.objects.get()
    assert token not in str(row.__dict__)
    assert len(row.token_digest) == 64
    for payload in ActionLogPayload.objects.all():
        assert token not in str(payload.data)
        assert row.token_digest not in str(payload.data)
    assert token not in administrator.get(reverse("user_list")).content.decode()


def test_opening_a_link_uses_nothing_up_and_takes_the_secret_out_of_the_address(administrator: Client) -> None:
    path, client = invited(administrator), Client()

    assert client.head(path).status_code == 302
    assert client.get(path).url == reverse("invitation_accept")
    page = client.get(reverse("invitation_accept"))
    assert page.status_code == 200
    assert path not in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert set_password(path).answer.status_code == 302


def test_a_link_that_expired_or_was_taken_back_does_not_work(administrator: Client) -> None:
    path = invited(administrator)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert set_password(path).answer.status_code == 410

    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
    administrator.post(reverse("invitation_revoke", args=[Invitation.objects.get().pk]))
    assert set_password(path).answer.status_code == 410
    assert not User.objects.filter(username="m.osei").exists()


@pytest.mark.parametrize("weak", ["short", "qwerty123456", "margarethe.osei"])
def test_a_password_goes_through_the_validators_and_the_link_stays_good(administrator: Client, weak: str) -> None:
    path = invited(administrator, username="margarethe.osei")

    refused = set_password(path, weak)
    assert refused.answer.status_code == 200
    assert "<title>Error: " in refused.answer.content.decode()
    assert set_password(path).answer.status_code == 302


def test_a_link_ties_an_instructor_to_their_canvas_person(administrator: Client) -> None:
    set_password(invited(administrator, role="instructor", login_id="m.osei"))

    assert LinkedPerson.objects.get(login_id="m.osei").user.username == "m.osei"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"role": "instructor"}, "Enter the Canvas login"),
        ({"role": "student", "login_id": "TAKEN"}, "Another account is this Canvas person already."),
        ({"username": "Somebody"}, "Somebody signs in with this name already."),
        ({"username": "no blanks"}, "Use letters, digits and @ . + - _ alone."),
        ({"email": "nowhere"}, "Enter an e-mail address"),
        ({"role": "superuser"}, "Choose a role."),
    ],
)
def test_an_invitation_that_cannot_be_kept_is_answered_at_its_field(
    administrator: Client, fields: dict[str, str], words: str
) -> None:
    make_linked_person(make_user("instructor", username="somebody"), login_id="taken")

    assert words in administrator.post(reverse("user_invite"), MARA | fields).content.decode()
    assert not Invitation.objects.exists()


def test_a_second_open_link_for_the_same_name_is_refused(administrator: Client) -> None:
    invited(administrator)

    assert "An invitation with this name is open." in administrator.post(reverse("user_invite"), MARA).content.decode()


def test_a_name_or_person_that_was_taken_since_is_not_taken_twice(administrator: Client) -> None:
    path = invited(administrator, role="student", login_id="m.osei")
    make_linked_person(make_user("student"), login_id="m.osei")

    assert "Ask for a new invitation." in set_password(path).answer.content.decode()
    assert not User.objects.filter(username="m.osei").exists()


def test_b31_a_link_for_a_new_password_ends_the_old_one_and_its_sessions(administrator: Client) -> None:
    auditor = make_user("auditor")
    theirs = Client()
    theirs.force_login(auditor)
    page = administrator.post(reverse("user_new_link", args=[auditor.pk])).content.decode()
    path = re.search(r'value="http://testserver(/invitation/[^"]+/)"', page)

    set_password(path[1])

    assert theirs.get(reverse("home")).status_code == 302
    assert not Client().login(username=auditor.username, password=PASSWORD)
    assert Client().login(username=auditor.username, password=GOOD)


def test_b31_an_account_that_is_switched_off_is_out_at_once_and_comes_back_signed_out(administrator: Client) -> None:
    theirs, coordinator = Client(), make_user("coordinator")
    theirs.force_login(coordinator)
    switch = reverse("user_switch", args=[coordinator.pk])

    administrator.post(switch)
    assert theirs.get(reverse("home")).status_code == 302
    administrator.post(switch)
    assert theirs.get(reverse("home")).status_code == 302, "no old session comes back to life"
    assert Client().login(username=coordinator.username, password=PASSWORD)


def test_b31_a_role_that_is_taken_is_gone_with_the_next_click(administrator: Client) -> None:
    theirs, coordinator = Client(), make_user("coordinator")
    theirs.force_login(coordinator)
    assert theirs.get(reverse("student_list")).status_code == 200

    administrator.post(reverse("user_detail", args=[coordinator.pk]), {"roles": []})

    assert theirs.get(reverse("student_list")).status_code == 404
    entry = ActionLogEntry.objects.get(act="user.changed")
    assert entry.payload.data["groups"] == {"before": ["coordinator"], "after": []}


def test_the_last_administrator_and_the_last_director_stay(administrator: Client) -> None:
    director = make_user("director")
    own, other = (reverse("user_detail", args=[pk]) for pk in (administrator.user.pk, director.pk))

    assert "This is the last active administrator." in administrator.post(own, {"roles": []}).content.decode()
    assert "This is the last active director." in administrator.post(other, {"roles": ["auditor"]}).content.decode()
    administrator.post(reverse("user_switch", args=[director.pk]))
    director.refresh_from_db()
    assert director.is_active

    make_user("director")
    administrator.post(reverse("user_switch", args=[director.pk]))
    director.refresh_from_db()
    assert not director.is_active


def test_the_admin_keeps_the_last_administrator_too() -> None:
    operator = make_user("administrator", is_staff=True)
    client = Client()
    client.force_login(operator)

    page = client.post(
        reverse("admin:auth_user_change", args=[operator.pk]),
        {
            "username": operator.username,
            "is_active": "on",
            "linked_person-TOTAL_FORMS": "0",
            "linked_person-INITIAL_FORMS": "0",
        },
    )

    assert "This is the last active administrator." in page.content.decode()
    assert operator.groups.count() == 1


def test_nobody_gives_themselves_a_role_and_nobody_switches_themselves_off(administrator: Client) -> None:
    make_user("administrator")
    own = reverse("user_detail", args=[administrator.user.pk])

    page = administrator.post(own, {"roles": ["administrator", "director"]}).content.decode()
    assert "Nobody gives themselves a role." in page
    administrator.post(reverse("user_switch", args=[administrator.user.pk]))
    administrator.user.refresh_from_db()
    assert administrator.user.is_active


def test_what_was_made_on_the_server_is_changed_there_alone(administrator: Client) -> None:
    root = make_user(None, is_superuser=True)

    page = administrator.post(reverse("user_detail", args=[root.pk]), {"roles": ["auditor"]}).content.decode()
    assert "This account was made on the server" in page
    administrator.post(reverse("user_new_link", args=[root.pk]))
    assert not Invitation.objects.exists()


def test_users_are_searched_narrowed_and_listed_in_a_constant_number_of_queries(
    administrator: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(30):
        make_linked_person(make_user("instructor", last_name=f"Teacher{number}"))
    make_user("auditor", username="lena", is_active=False)

    with django_assert_max_num_queries(12):
        page = administrator.get(reverse("user_list")).content.decode()
    assert "32 users" in page
    found = administrator.post(reverse("user_list"), {"q": "Teacher7"}, follow=True)
    assert "1 user" in found.content.decode()
    assert "Teacher7" not in found.redirect_chain[0][0], "B38"
    assert "lena" in administrator.get(reverse("user_list"), {"state": "off"}).content.decode()
    assert administrator.get(reverse("user_list"), {"sort": "-last", "page": "10000000000"}).status_code == 200


class TestAtOnce:
    """Two people, or one who clicks twice, at the same moment."""

    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture(autouse=True)
    def _closed_afterwards(self) -> Iterator[None]:
        yield
        database_connections.close_all()

    def both(self, *calls: object) -> list[object]:
        """Run the calls at the same time and return what each gave or raised."""

        def result(call: object) -> object:
            try:
                return call()
            except (AccountRefused, InvitationUnusable, TooOften) as refused:
                return refused
            finally:
                database_connections.close_all()

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(result, calls))

    def test_of_two_who_use_the_same_link_one_is_refused(self) -> None:
        _, token = invitations.invite(invited_by=make_user("administrator"), **MARA)

        found = self.both(*[lambda: invitations.use(token=token, password=GOOD)] * 2)

        assert sorted(isinstance(one, User) for one in found) == [False, True]

    def test_two_administrators_cannot_remove_each_other(self) -> None:
        ada, bo = make_user("administrator"), make_user("administrator")

        found = self.both(
            lambda: users.switch_off(user=ada, switched_by=bo), lambda: users.switch_off(user=bo, switched_by=ada)
        )

        assert sum(isinstance(one, AccountRefused) for one in found) == 1
        assert User.objects.filter(is_active=True).count() == 1

    def test_b40_all_processes_count_together(self) -> None:
        user, most = make_user(), act_limits.LIMITS[act_limits.EXPORT].most

        found = self.both(*[lambda: act_limits.count_act(user=user, act=act_limits.EXPORT)] * (most + 4))

        assert sum(isinstance(one, TooOften) for one in found) == 4


def test_b40_a_count_begins_anew_when_its_window_is_over_and_when_clocks_step_back() -> None:
    user, now, limit = make_user(), timezone.now(), act_limits.LIMITS[act_limits.SYNC]

    def fill(at: datetime) -> None:
        for _ in range(limit.most):
            act_limits.count_act(user=user, act=act_limits.SYNC, now=at)

    fill(now)
    with pytest.raises(TooOften) as refused:
        act_limits.count_act(user=user, act=act_limits.SYNC, now=now + timedelta(seconds=59))
    assert refused.value.again_at == now + limit.window
    fill(now + limit.window)
    fill(now - timedelta(hours=2))


def test_b40_two_hundred_starts_within_a_minute_are_refused_and_what_runs_is_shown(coordinator: Client) -> None:
    courses = [make_course() for _ in range(30)]

    answers = [coordinator.post(reverse("start_course_sync", args=[course.pk])) for course in courses]

    most = act_limits.LIMITS[act_limits.SYNC].most
    assert [answer.status_code for answer in answers] == [302] * most + [429] * (30 - most)
    assert SyncRun.objects.count() == most
    page = answers[-1].content.decode()
    assert f"You have started {most} syncs within a minute. Those go on. Try again in " in page
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    again = coordinator.post(reverse("start_course_sync", args=[courses[0].pk]))
    assert again.url == answers[0].url, "the running one is shown, however often it is asked for"


def test_b40_exports_in_a_loop_are_refused_for_a_while_and_for_this_person_alone(
    coordinator: Client, sign_in: SignIn
) -> None:
    statuses = [coordinator.get(reverse("pair_export")).status_code for _ in range(15)]

    assert statuses == [200] * 12 + [429] * 3
    assert coordinator.get(reverse("student_export")).status_code == 429
    assert sign_in("director").get(reverse("student_export")).status_code == 200
