"""Job 9: an auditor finds what was in place for a student on an exam, who decided, and who looked."""

import json

from playwright.sync_api import Browser, expect

from accommodations.demo.accounts import ACCOUNTS
from tests.browser.axe import assert_accessible
from tests.browser.guide import picture
from tests.browser.test_accessibility import window
from tests.services.stack import Stack

AUDITOR = next(account for account in ACCOUNTS if account.role == "auditor")
GIVEN = "Midterm: 60 min becomes 90 min (1.5×)."
MADE = f"""
import json
from datetime import date
from uuid import uuid4
from django.contrib.auth.models import User
from django.utils import timezone
from accommodations.models import Course
from accommodations.services import action_log
from accommodations.services.action_log import LogRecord
from tests import factories
from tests.accommodations.views_a.conftest import add_pair

ruth = User.objects.get(username="ruth")
User.objects.filter(pk=ruth.pk).update(first_name="Ruth", last_name="Adeyemi")
course = Course.objects.order_by("pk").first()
for name in ("Amara Okonkwo", "Bo Lindqvist"):
    student = factories.make_student(name=name, sortable_name=name)
    factories.make_accommodation(student, recorded_by=ruth, note="Only for the office.")
    factories.make_enrollment(student, course)
    quiz = factories.make_assessment(course, name=f"Midterm of {{name.split()[0]}}")
    add_pair(student, quiz, evidence_at=timezone.now())
    about = {{"student": student, "course": course, "assessment": quiz, "request_id": uuid4()}}
    action_log.record_many([
        LogRecord(act="canvas.write.started", payload={{"sentence": {GIVEN!r}}}, **about),
        LogRecord(act="canvas.write.applied", outcome="applied", payload={{"status_code": 200}}, **about),
    ])
    action_log.record_view(viewer=ruth, student=student)
print(json.dumps({{"course": course.pk}}))
"""


def test_job9_the_four_questions_are_answered_in_a_few_clicks(browser: Browser, stack: Stack) -> None:
    """From the search to the evidence, the reports for paper and spreadsheet, and the log's own check."""
    made = json.loads(stack.run_python(MADE).splitlines()[-1])
    page = window(browser, stack, AUDITOR)

    page.get_by_label("Find a student, course or assessment").fill("Okonkwo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Amara Okonkwo")
    page.get_by_role("link", name="Report", exact=True).click()
    assert_accessible(page)
    expect(page.get_by_role("main")).not_to_contain_text("Lindqvist")
    page.get_by_role("link", name="Midterm of Amara").click()

    expect(page.get_by_role("heading", name="What was in place?")).to_be_visible()
    main = page.get_by_role("main")
    for words in (GIVEN, "recorded by Ruth Adeyemi", "Ruth Adeyemi: 1 time", "Canvas answered 200"):
        expect(main).to_contain_text(words)
    expect(main).not_to_contain_text("Only for the office.")
    expect(page.get_by_role("heading", name="The entries on this page hold")).to_be_visible()
    assert_accessible(page)
    picture(page, "auditor-evidence")

    page.goto(f"/courses/{made['course']}/report/")
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert download.value.suggested_filename.startswith("report-course-")

    page.goto("/log/?act=writes")
    expect(page.get_by_role("main")).to_contain_text("Accepted by Canvas")
    page.get_by_role("button", name="Check the whole chain").click()
    expect(page.get_by_role("heading", name="The chain is whole up to entry")).to_be_visible(timeout=60_000)
    page.context.close()
