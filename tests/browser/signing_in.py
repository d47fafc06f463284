"""How a person signs in."""

from playwright.sync_api import Page

from tests.installation import Installation


def sign_in(page: Page, app: Installation) -> None:
    page.goto(f"{app.url}/accounts/sign-in/")
    page.get_by_label("Email").fill(app.email)
    page.get_by_label("Password").fill(app.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{app.url}/")
