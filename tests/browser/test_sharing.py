"""A flow is shared with somebody of elsewhere, talked about, and taken away; others by links and with new people."""

import os
import re
import subprocess
import sys
from time import monotonic

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import found_on
from tests.browser.test_drafts_and_versions import shoot
from tests.browser.test_editor import hello, saved  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.integration]
GRACE = """
from flowbuilder.accounts.models import Membership, User, Workspace
user = User.objects.create_user("grace@example.test", "correct horse battery", name="Grace Hopper")
Membership.objects.create(user=user, workspace=Workspace.objects.create(name="Elsewhere"), role="owner")
"""
FELT_WITHIN = 5.0


@pytest.fixture(scope="module")
def grace_exists(live_app) -> None:
    environment = {**os.environ, "FLOWBUILDER_HOME": str(live_app.home), **live_app.environment}
    for name in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    subprocess.run([sys.executable, "manage.py", "shell", "-c", GRACE], check=True, env=environment)


@pytest.fixture
def grace(browser: Browser, live_app, grace_exists) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{live_app.url}/accounts/sign-in/")
    page.get_by_label("Email").fill("grace@example.test")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{live_app.url}/")
    yield page
    context.close()


def say(page: Page, words: str) -> None:
    page.get_by_test_id("comments").get_by_role("textbox").first.fill(words)
    page.get_by_role("button", name="Comment", exact=True).click()


def test_a_flow_is_shared_talked_about_and_taken_away(hello, grace, live_app):  # noqa: F811
    mine, flow = hello
    mine.get_by_test_id("share-button").click()
    mine.get_by_label("A person's e-mail").fill("grace@example.test")
    mine.get_by_test_id("share-with-person").get_by_role("button", name="Share").click()
    # By her address alone: nobody is told that she has an account, until she looked.
    expect(mine.get_by_test_id("share")).to_contain_text("grace@example.test")
    expect(mine.get_by_test_id("shares")).not_to_contain_text("Grace Hopper")
    shoot(mine, "share-dialog")
    assert found_on(mine) == []

    # She sees it, and it says that she may not change it.
    expect(grace.get_by_test_id("news")).to_contain_text("1")
    with grace.expect_response("**/shared/reading/"):
        grace.get_by_role("link", name="Shared with me").click()
    expect(grace.get_by_test_id("new")).to_be_visible()
    looked_at(grace, "shared-with-me")
    grace.get_by_role("link", name=flow["name"]).click()
    expect(grace.get_by_test_id("node-prompt_1")).to_be_visible()
    expect(grace.get_by_text("View only")).to_be_visible()
    expect(grace.get_by_test_id("publish-button")).to_have_count(0)
    expect(grace.get_by_test_id("share-button")).to_have_count(0)
    shoot(grace, "guest-views")

    # Raised to edit: she is told, and edits.
    mine.get_by_test_id("right-of").select_option("edit")
    grace.get_by_role("button", name="Reload").click()
    grace.get_by_test_id("node-prompt_1").click()
    grace.get_by_test_id("field-template").fill("Good day, {{ name }}")
    saved(grace)
    mine.keyboard.press("Escape")
    mine.get_by_test_id("node-prompt_1").click()
    expect(mine.get_by_test_id("field-template")).to_have_value("Good day, {{ name }}")

    # They talk about the node, each sees at once what the other says.
    mine.get_by_test_id("tab-comments").click()
    say(mine, "Why so **formal**, @Grace Hopper ?")
    expect(grace.get_by_test_id("comment-badge")).to_have_text("1")
    expect(grace.get_by_test_id("unread")).to_have_text("1")
    shoot(grace, "comments-unread")
    grace.get_by_test_id("comment-badge").click()
    expect(grace.get_by_test_id("unread")).to_have_count(0)
    thread = grace.get_by_test_id("thread")
    expect(thread.locator("b", has_text="formal")).to_be_visible()
    thread.get_by_label("Reply").fill("It is a *bank*.")
    thread.get_by_role("button", name="Reply").click()
    expect(mine.get_by_test_id("comment")).to_have_count(2)
    looked_at(mine, "comments")
    mine.get_by_test_id("resolve-thread").click()
    expect(grace.get_by_test_id("comment-badge")).to_have_count(0)
    expect(grace.get_by_test_id("resolved-threads")).to_be_visible()

    # Taken away: her page says so.
    mine.get_by_test_id("share-button").click()
    mine.get_by_test_id("end-share").click()
    expect(mine.get_by_test_id("share")).to_have_count(0)
    ended = monotonic()
    # Watched by the page itself: what expects it looks once a second, and would be that late.
    grace.get_by_test_id("flow-over").wait_for()
    assert monotonic() - ended < FELT_WITHIN
    shoot(grace, "taken-away")


def looked_at(page: Page, name: str) -> None:
    """Pictures of it in both themes, wide and narrow, for whoever looks."""
    if not os.environ.get("SCREENSHOTS"):
        return
    before = page.viewport_size
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for theme in ("paper", "night"):
            page.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", theme)
            page.screenshot(path=f"{os.environ['SCREENSHOTS']}/{name}-{width}-{theme}.png", full_page=True)
    page.set_viewport_size(before)


def test_who_has_no_account_is_invited_and_has_that_flow_alone(hello, browser, live_app):  # noqa: F811
    mine, flow = hello
    mine.goto(f"{live_app.url}/sharing/flow/{flow['id']}/")
    mine.get_by_label("A person's e-mail").fill("lovelace@example.test")
    mine.get_by_test_id("share-with-person").get_by_label("May").select_option("run")
    mine.get_by_test_id("share-with-person").get_by_role("button", name="Share").click()
    first = mine.get_by_test_id("letter-link").inner_text()
    expect(mine.get_by_test_id("pending")).to_contain_text("not opened yet")
    looked_at(mine, "share-invited")
    mine.get_by_test_id("send-again").click()
    expect(mine.get_by_test_id("letter-link")).not_to_have_text(first)
    assert found_on(mine) == []

    context = browser.new_context(viewport={"width": 1440, "height": 900})
    ada = context.new_page()
    ada.goto(first)
    looked_at(ada, "invitation-over")
    ada.goto(mine.get_by_test_id("letter-link").inner_text())
    looked_at(ada, "invitation-opens")
    assert found_on(ada) == []
    ada.get_by_label("Your name").fill("Ada Lovelace")
    ada.get_by_label("Password").fill("correct horse battery")
    ada.get_by_role("button", name="Make my account and open it").click()
    expect(ada.get_by_test_id("node-prompt_1")).to_be_visible()
    ada.goto(f"{live_app.url}/shared/")
    expect(ada.get_by_test_id("shared-with-me").get_by_role("link")).to_have_count(1)
    looked_at(ada, "shared-with-the-new")
    context.close()
    mine.reload()
    expect(mine.get_by_test_id("share")).to_contain_text("Ada Lovelace")
    mine.get_by_test_id("transfer-link").click()
    looked_at(mine, "transfer-flow")
    with live_app.client() as client:
        base = client.post("/api/knowledge", json={"name": "Protocol"}).json()
    mine.goto(f"{live_app.url}/publishing/transfers/base/{base['id']}/")
    expect(mine.get_by_text("search index move along")).to_be_visible()
    looked_at(mine, "transfer-base")
    assert found_on(mine) == []


def test_a_link_with_a_password_lets_somebody_without_an_account_run(hello, browser, live_app):  # noqa: F811
    mine, flow = hello
    mine.goto(f"{live_app.url}/sharing/flow/{flow['id']}/")
    mine.get_by_test_id("link-summary").click()
    form = mine.get_by_test_id("share-by-link")
    form.get_by_label("May").select_option("run")
    form.get_by_label(re.compile("Password")).fill("open sesame")
    form.get_by_role("button", name="Make a link").click()
    address = mine.get_by_test_id("new-link").inner_text()
    mine.get_by_test_id("change-link").click()
    mine.get_by_label("Ends after (empty: no end)").fill("2031-01-31")
    looked_at(mine, "share-page")
    mine.get_by_role("form", name="Change this link").get_by_role("button", name="Change").click()
    expect(mine.get_by_test_id("share")).to_contain_text("2031")
    expect(mine.get_by_test_id("share")).to_contain_text("with a password")

    context = browser.new_context(viewport={"width": 1280, "height": 800})
    visitor = context.new_page()
    visitor.goto(address)
    shoot(visitor, "link-asks")
    visitor.get_by_label("Password").fill("barley")
    visitor.get_by_test_id("open-link").click()
    expect(visitor.get_by_role("alert")).to_contain_text("not the link's password")
    visitor.get_by_label("Password").fill("open sesame")
    visitor.get_by_test_id("open-link").click()
    expect(visitor.get_by_test_id("node-prompt_1")).to_be_visible()
    expect(visitor.get_by_text("View only")).to_be_visible()
    expect(visitor.get_by_test_id("tab-comments")).to_have_count(0)
    visitor.get_by_test_id("run-button").click()
    visitor.get_by_label("Your name").fill("Ada")
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.locator("[data-testid=node-reply_1][data-status=finished]")).to_be_visible()
    shoot(visitor, "link-runs")
    context.close()
