"""What each module of browser tests has: a workspace of its own, which no other has written in, and patience."""

import contextlib

import pytest

from tests.installation import Installation

with contextlib.suppress(ImportError):
    from playwright.sync_api import expect

    # Two tests at a time, each with a browser, a server and its workers, share few processors.
    expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def node_packages() -> str:
    """Only what everybody has: the tests' own nodes speak no Chinese, and stand in no palette."""
    return "nodes"


@pytest.fixture(scope="module")
def live_app(live_app: Installation) -> Installation:
    """The installation that all modules share, as a new owner sees it: nothing that another test did is in view."""
    return live_app.newcomer()


@pytest.fixture(scope="module")
def owner_s_cookies(browser, live_app: Installation) -> list[dict]:
    """What a browser has after the owner signed in, once for a module."""
    from tests.browser.signing_in import sign_in

    page = browser.new_page()
    sign_in(page, live_app)
    cookies = page.context.cookies()
    page.close()
    return cookies


@pytest.fixture
def signed_in(page, live_app: Installation, owner_s_cookies: list[dict]):
    """A browser page in which the owner has signed in."""
    page.context.add_cookies(owner_s_cookies)
    page.goto(f"{live_app.url}/")
    return page
