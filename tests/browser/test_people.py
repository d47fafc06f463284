"""Teammates, as they meet it: an invitation, a role that changes under an open page, and an account well guarded."""

import uuid

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.axe import found_in_both_themes
from tests.browser.drawing import draw
from tests.people.saml_provider import MAIL
from tests.people.totp import code

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"


def invited(signed_in: Page, live_app) -> str:
    """The address of a new invitation's link, for a viewer."""
    signed_in.goto(f"{live_app.url}/members/")
    form = signed_in.get_by_role("form", name="Invite")
    form.get_by_label("As").select_option("viewer")
    form.get_by_role("button", name="Invite").click()
    link = signed_in.get_by_test_id("invitation-link").text_content()
    assert link
    return link


def joins(context: BrowserContext, link: str, name: str, email: str) -> Page:
    page = context.new_page()
    page.goto(link)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make my account and join").click()
    expect(page.get_by_role("heading", name="Flows", exact=True)).to_be_visible()
    return page


def removed(signed_in: Page, live_app, email: str) -> None:
    signed_in.goto(f"{live_app.url}/members/")
    signed_in.once("dialog", lambda dialog: dialog.accept())
    row = signed_in.locator(f'[data-testid="member"][data-email="{email}"]')
    row.get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)


def test_invited_promoted_and_removed(signed_in: Page, browser: Browser, live_app):
    flow = draw(live_app)
    email = f"bo-{uuid.uuid4().hex[:8]}@example.test"
    link = invited(signed_in, live_app)
    assert not found_in_both_themes(signed_in)
    theirs = browser.new_context()
    try:
        editor = joins(theirs, link, "Bo", email)
        other = theirs.new_page()
        other.goto(f"{live_app.url}/knowledge/")
        editor.goto(f"{live_app.url}/flows/{flow['id']}/")
        expect(editor.get_by_test_id("node-prompt_1")).to_be_visible()
        expect(editor.get_by_text("View only")).to_be_visible()

        signed_in.goto(f"{live_app.url}/members/")
        row = signed_in.locator(f'[data-testid="member"][data-email="{email}"]')
        row.get_by_role("combobox").select_option("editor")
        row.get_by_role("button", name="Save").click()
        expect(other.get_by_text("Your role in this workspace has changed.")).to_be_visible()
        editor.get_by_role("button", name="Reload").click()
        expect(editor.get_by_test_id("save-state")).to_be_visible()
        editor.get_by_test_id("node-prompt_1").click()
        editor.get_by_test_id("field-template").fill("Bo says {{ name }}")
        expect(editor.get_by_test_id("save-state")).to_have_text("Saved")

        other.reload()
        removed(signed_in, live_app, email)
        expect(other.get_by_text("You are no longer in this workspace.")).to_be_visible()
        expect(editor.get_by_text("This flow is not yours to see any more")).to_be_visible()
        other.goto(f"{live_app.url}/")
        expect(other.get_by_text("Drawn")).to_have_count(0)
    finally:
        theirs.close()


def test_codes_passkeys_and_sessions(signed_in: Page, browser: Browser, live_app):
    email = f"cy-{uuid.uuid4().hex[:8]}@example.test"
    # A passkey belongs to a name, which an address of numbers is not.
    here = live_app.url.replace("127.0.0.1", "localhost")
    link = invited(signed_in, live_app).replace("127.0.0.1", "localhost")
    theirs, elsewhere = browser.new_context(), browser.new_context()
    try:
        page = joins(theirs, link, "Cy", email)
        devices = theirs.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
        unlocked = {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": device | unlocked})

        page.goto(f"{here}/account/")
        assert not found_in_both_themes(page)
        page.get_by_role("link", name="Switch on a second factor").click()
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
        secret = page.get_by_test_id("totp-secret").text_content() or ""
        page.get_by_label("Code").fill(code(secret))
        page.get_by_role("button", name="Switch on").click()
        recovery = (page.get_by_test_id("recovery-codes").text_content() or "").split()
        assert len(recovery) == 10

        signs_in(elsewhere.new_page(), here, email).get_by_label("Code").fill(recovery[0])
        there = elsewhere.pages[0]
        there.get_by_role("button", name="Sign in", exact=True).click()
        expect(there.get_by_role("heading", name="Flows", exact=True)).to_be_visible()

        page.goto(f"{here}/account/")
        page.get_by_role("link", name="Add a passkey").click()
        page.get_by_role("button", name="Make the passkey").click()
        page.goto(f"{here}/account/")
        expect(page.get_by_test_id("passkey")).to_have_count(1)
        expect(page.get_by_test_id("session")).to_have_count(2)
        page.get_by_test_id("session").get_by_role("button", name="End Chrome").click()
        expect(page.get_by_test_id("session")).to_have_count(1)
        expect(there.get_by_text("You are signed out.")).to_be_visible()

        signs_out(page, here)
        # The code of the next half minute: each is taken once.
        signs_in(page, here, email).get_by_label("Code").fill(code(secret, 1))
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", name="Flows", exact=True)).to_be_visible()

        signs_out(page, here)
        page.get_by_role("button", name="Use a passkey").click()
        expect(page.get_by_role("heading", name="Flows", exact=True)).to_be_visible()
        page.goto(f"{here}/account/")
        expect(page.get_by_text("never used")).to_have_count(0)
    finally:
        theirs.close()
        elsewhere.close()
        removed(signed_in, live_app, email)


def test_a_page_of_another_site_signs_them_in(signed_in: Page, browser: Browser, live_app, saml_provider):
    """SAML: its answer is posted from there, and no cookie of ours comes with that."""
    email = f"di-{uuid.uuid4().hex[:8]}@example.test"
    saml_provider.person[MAIL] = email
    signed_in.goto(f"{live_app.url}/members/")
    form = signed_in.get_by_role("form", name="Invite")
    form.get_by_label("E-mail").fill(email)
    form.get_by_role("button", name="Invite").click()
    expect(signed_in.get_by_test_id("open-invitation").get_by_text(email)).to_be_visible()
    theirs = browser.new_context()
    try:
        page = theirs.new_page()
        page.goto(f"{live_app.url}/accounts/sign-in/?next=/knowledge/")
        page.get_by_role("link", name="Sign in with Staff").click()
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("heading", name="Knowledge", exact=True)).to_be_visible()
        page.goto(f"{live_app.url}/account/")
        expect(page.get_by_test_id("session")).to_contain_text("Chrom")
        with page.expect_navigation(url=f"{saml_provider.url}/left**"):
            at = f"{live_app.url}/accounts/saml/staff/sign-out/"
            page.evaluate("address => location.assign(address)", f"{at}?{saml_provider.leaving(at)}")
        page.goto(f"{live_app.url}/account/")
        expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    finally:
        theirs.close()


def signs_in(page: Page, here: str, email: str) -> Page:
    page.goto(f"{here}/accounts/sign-in/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_label("Code")).to_be_visible()
    return page


def signs_out(page: Page, here: str) -> None:
    page.goto(f"{here}/account/")
    page.locator("details[data-menu] summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_visible()
