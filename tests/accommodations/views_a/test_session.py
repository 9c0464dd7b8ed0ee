"""Signing in and out, the theme, and the admin's door."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.models import ActionLogEntry
from tests.accommodations.views_a.conftest import Campus
from tests.accommodations.views_a.test_students import text_of
from tests.factories import PASSWORD, make_user


def test_signing_in_leads_home_with_a_new_session(db: None, client: Client) -> None:
    user = make_user("coordinator")
    client.get(reverse("sign_in"))
    before = client.session.session_key
    response = client.post(reverse("sign_in"), {"username": user.get_username(), "password": PASSWORD})
    assert response.url == reverse("home")
    assert client.session.session_key != before


def test_a_wrong_password_is_said_without_telling_which_part_is_wrong(db: None, client: Client) -> None:
    page = text_of(client.post(reverse("sign_in"), {"username": "nobody", "password": "wrong"}))
    assert "<title>Error: Sign in" in page
    assert "Name and password do not belong together." in page
    assert 'value="nobody"' in page
    assert "wrong" not in page.replace("wrong.", "")


@pytest.mark.parametrize("evil", ["//evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_b33_a_foreign_target_is_ignored(evil: str, db: None, client: Client) -> None:
    user = make_user("coordinator")
    response = client.post(reverse("sign_in"), {"username": user.get_username(), "password": PASSWORD, "next": evil})
    assert response.url == reverse("home")


def test_b31_signing_out_ends_the_session(campus: Campus, as_role: Callable[[str], Client]) -> None:
    client = as_role("coordinator")
    assert client.get(reverse("sign_out")).status_code == 405
    client.post(reverse("sign_out"))
    assert client.get(reverse("home")).status_code == 302


def test_b31_a_disabled_user_is_out_at_once(campus: Campus, as_role: Callable[[str], Client]) -> None:
    client = as_role("coordinator")
    campus.users["coordinator"].is_active = False
    campus.users["coordinator"].save()
    assert client.get(reverse("home")).status_code == 302


def test_a_swap_after_the_session_has_ended_moves_the_whole_window(db: None, client: Client) -> None:
    response = client.get(
        reverse("sign_in"), headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/students/?page=2"}
    )
    assert response.status_code == 204
    assert response["HX-Redirect"] == reverse("sign_in") + "?next=/students/%3Fpage%3D2"


def test_the_theme_is_kept_and_written_by_the_server(db: None, client: Client) -> None:
    response = client.post(reverse("choose_theme"), {"theme": "dark"}, headers={"Referer": "http://testserver/me/?a=1"})
    assert response.url == "/me/?a=1"
    assert 'data-theme="dark"' in text_of(client.get(reverse("sign_in")))
    client.post(reverse("choose_theme"), {"theme": "system"})
    assert "data-theme" not in text_of(client.get(reverse("sign_in")))


def test_the_theme_changes_in_place_with_htmx(db: None, client: Client) -> None:
    response = client.post(reverse("choose_theme"), {"theme": "light"}, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Trigger"]) == (204, '{"theme": {"value": "light"}}')


@pytest.mark.parametrize("referrer", ["https://evil.example/x", "", "//evil.example"])
def test_the_theme_never_leads_to_a_foreign_page(referrer: str, db: None, client: Client) -> None:
    response = client.post(reverse("choose_theme"), {"theme": "dark"}, headers={"Referer": referrer})
    assert response.url == reverse("home")


def test_an_unknown_theme_is_refused(db: None, client: Client) -> None:
    assert client.post(reverse("choose_theme"), {"theme": "pink"}).status_code == 400


def test_the_admin_has_no_door_of_its_own(campus: Campus, as_role: Callable[[str], Client], client: Client) -> None:
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == reverse("sign_in") + "?next=/admin/"
    assert as_role("coordinator").get("/admin/", follow=True).status_code == 404, "and no endless redirect"


def test_a35_passwords_can_be_pasted_and_kept_by_the_browser(db: None, client: Client) -> None:
    page = text_of(client.get(reverse("sign_in")))
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND"])
def test_b36_an_unknown_method_is_refused(method: str, campus: Campus, as_role: Callable[[str], Client]) -> None:
    for name in ("home", "student_list", "settings", "log"):
        assert as_role("director").generic(method, reverse(name)).status_code == 405


def test_b36_a_body_of_another_type_and_a_giant_one_change_nothing(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    director = as_role("director")
    deep = "[" * 100_000 + "]" * 100_000
    assert director.post(reverse("settings"), deep, content_type="application/json").status_code == 200
    giant = director.post(reverse("settings"), {"name": "x" * 3_000_000})
    assert (giant.status_code, "DATA_UPLOAD" in giant.content.decode()) == (400, False)
    assert not ActionLogEntry.objects.filter(act="settings.changed").exists()


def test_b35_cookies_are_bound_to_the_host_over_https_and_no_script_reads_them() -> None:
    names = (
        "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
    )  # fmt: skip
    code = f"from django.conf import settings; print(*(getattr(settings, name) for name in {names}))"
    plain = {name: value for name, value in os.environ.items() if name not in {"DEMO", "DEBUG"}}
    printed = subprocess.run(
        [sys.executable, "-c", code],
        env=plain | {"DJANGO_SETTINGS_MODULE": "accommodations.settings"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert printed == ["__Host-sessionid", "__Host-csrftoken", "True", "True", "True", "True", "Lax"]


def test_b34_pages_are_framed_nowhere_and_their_type_is_not_guessed(db: None, client: Client) -> None:
    response = client.get(reverse("sign_in"))
    policy = response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_b34_no_page_needs_an_inline_script_or_style(campus: Campus, as_role: Callable[[str], Client]) -> None:
    response = as_role("coordinator").get(reverse("home"))
    assert "unsafe" not in response["Content-Security-Policy"]
    page = response.content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert "hx-on" not in page
    assert page.count("<script src=") == page.count("<script")
