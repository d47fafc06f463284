"""Every page of the URL configuration, of a workspace with one of everything: what axe-core finds, and on a phone's width."""

from collections.abc import Iterator

import pytest

pytest.importorskip("playwright")
from django.conf import settings
from playwright.sync_api import Page

from tests.browser.axe import found_on, themes
from tests.safety.expectations import ROUTES
from tests.safety.world.whole import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DOORS = {"page", "account", "public"}
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
OVERFLOWS = """() => document.documentElement.scrollWidth > window.innerWidth && ([...document.querySelectorAll('body *')]
    .filter(each => each.getBoundingClientRect().right > window.innerWidth + 1 && !each.closest('.overflow-x-auto, .react-flow'))
    .slice(0, 3).map(each => each.outerHTML.slice(0, 90)).join(' ') || 'the page itself')"""


@pytest.fixture
def world(redis_server, transactional_db) -> World:
    return make_world()


def pages(world: World, page: Page, address: str) -> Iterator[str]:
    """The addresses that answer the owner with a whole page; other answers are parts of one, files and data."""
    for route, rules in ROUTES.items():
        if (rule := rules.get("GET")) is None or rule.door not in DOORS or "<token>" in route:
            continue
        answer = page.context.request.get(address + world.path_of(route), max_redirects=0)
        if answer.status == 200 and answer.headers["content-type"].startswith("text/html"):
            if answer.body().lstrip().lower().startswith(b"<!doctype"):
                yield answer.url


def test_nothing_keeps_anybody_out(world: World, live_server, page: Page):
    page.set_default_timeout(60_000)
    session = {"name": settings.SESSION_COOKIE_NAME, "value": world.cookies["owner"], "url": live_server.url}
    page.context.add_cookies([session])
    addresses = list(pages(world, page, live_server.url))
    assert len(addresses) > 60, addresses
    found = [f"{address}: {line}" for address in addresses for line in looked_at(page, address)]
    assert not found, "\n".join([f"{len(found)} findings", *found])


def looked_at(page: Page, address: str) -> Iterator[str]:
    page.set_viewport_size(WIDE)
    page.goto(address, wait_until="load")
    rules = None
    for theme in themes(page):
        # Only colours differ in the second theme.
        for line in found_on(page, rules) if rules else found_on(page):
            yield f"{theme}: {line}"
        rules = ["color-contrast"]
    page.set_viewport_size(PHONE)
    if wide := page.evaluate(OVERFLOWS):
        yield f"wider than a phone: {wide}"
