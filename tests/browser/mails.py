"""What the days of an instructor and a student share: the office lets a digest go, and it arrives in the outbox."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect

from accommodations.demo.accounts import ACCOUNTS, Account
from tests.browser.axe import assert_accessible
from tests.browser.test_tour import assert_fits, signed_in
from tests.services.stack import Stack

MADE_BY_THE_TOUR = "@example.edu"
FIRST_SYNC_LOOKS = 90
"""How often the list is looked at while the first sync of the demo is under way, every two seconds."""


def account_of(role: str) -> Account:
    """Return the demo's account of a role."""
    return next(one for one in ACCOUNTS if one.role == role)


@contextmanager
def window_of(role: str, browser: Browser, stack: Stack) -> Iterator[Page]:
    """Open a window in which the demo's person of the role has signed in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=stack.url)
    try:
        page = context.new_page()
        signed_in(page, account_of(role))
        yield page
    finally:
        context.close()


def seen(page: Page) -> None:
    """Check the page as it stands for accessibility, and that it fits a small screen."""
    assert_accessible(page)
    assert_fits(page)


def let_digest_go(office: Page, account: Account) -> None:
    """Let the digest for the person go, as a coordinator does: find it, look, confirm, wait until it is sent.

    It may have been due, and sent, before: what is collected since then need not come to a mail of its own.
    """
    to = f"{account.first_name} {account.last_name}"
    # Where nobody was told yet, the tour makes a notice of its own, to look at its page: no mail is behind that.
    rows = office.get_by_role("row").filter(has_text=to, has_not_text=MADE_BY_THE_TOUR)
    sent, row = rows.filter(has_text="Sent"), rows.filter(has_text=re.compile("Collects|Sent|Waits to be sent"))
    for _ in range(FIRST_SYNC_LOOKS):
        office.goto("/notices/")
        office.get_by_label("Person, student or course").fill(to)
        office.get_by_role("button", name="Search", exact=True).last.click()
        expect(office.get_by_text(f"with “{to}”")).to_be_visible()
        if row.count():
            break
        office.wait_for_timeout(2000)
    seen(office)
    chosen = sent if sent.count() else row
    chosen.first.get_by_role("link", name=to, exact=True).click()
    seen(office)
    notice, early = office.url, office.get_by_role("link", name="Send it now…")
    if early.count():
        # It may be sent at any moment: the page of the confirmation then is that of a reminder, or none.
        office.goto(str(early.get_attribute("href")))
        confirm = office.get_by_role("button", name="Send the mail")
        if confirm.count():
            seen(office)
            confirm.click()
            office.wait_for_url(notice)
        else:
            office.goto(notice)
    lead = office.locator(".lead")
    for _ in range(FIRST_SYNC_LOOKS):
        if lead.inner_text().startswith("Sent"):
            break
        office.wait_for_timeout(2000)
        office.reload()
    expect(lead).to_contain_text("Sent")


def open_mail(page: Page, subject: str, address: str) -> None:
    """Open the person's newest mail in the outbox, and follow its link."""
    page.goto("/outbox/")
    seen(page)
    page.get_by_role("row").filter(has_text=subject).filter(has_text=address).first.get_by_role("link").click()
    seen(page)
