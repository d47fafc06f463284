"""The whole product in Chinese: chosen in the navigation, kept, and spoken by the editor and all that scripts draw."""

from collections.abc import Callable, Iterator

import pytest

pytest.importorskip("playwright")
from django.conf import settings
from playwright.sync_api import Page, expect

from flowbuilder.flows.nodes import catalogue
from tests.safety.world.whole import World, make_world
from tests.translation.test_every_page import english, written

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = "React Flow attribution Enter Escape Delete Ctrl Shift Alt Protocol mock bot starter"
"""The library asks to be named; keys are called what stands on them; a test page asks in the flow's own words."""


@pytest.fixture
def world(redis_server, transactional_db) -> World:
    return make_world()


@pytest.fixture
def owner(world: World, live_server, page: Page) -> Page:
    session = {"name": settings.SESSION_COOKIE_NAME, "value": world.cookies["owner"], "url": live_server.url}
    page.context.add_cookies([session])
    page.set_viewport_size({"width": 1440, "height": 900})
    page.set_default_timeout(60_000)
    page.goto(live_server.url)
    return page


def test_chosen_once_it_is_spoken_everywhere(world: World, live_server, owner: Page):
    page = owner
    page.get_by_role("button", name="简体中文").click()
    expect(page.get_by_role("navigation", name="主导航")).to_contain_text("知识库")
    left = dict(spoken(page, live_server.url, world))
    assert not any(left.values()), {place: found for place, found in left.items() if found}
    page.goto(live_server.url)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("navigation", name="Main")).to_contain_text("Knowledge")


def spoken(page: Page, address: str, world: World) -> Iterator[tuple[str, list[str]]]:
    """What is left of English in each place where scripts put words; the pages' own HTML has a test of its own."""
    page.goto(f"{address}/gallery/")
    page.get_by_test_id("use-protocol-mock-bot").click()
    expect(page.get_by_test_id("run-button")).to_contain_text("运行")
    expect(page.get_by_test_id("palette-item-text.prompt")).to_contain_text("提示词")
    known = f"{written()} {NAMES} {' '.join(names_of_ports())}"

    def left() -> list[str]:
        return sorted(set(english(page.content(), known)))

    yield "editor", left()
    for node in page.locator(".react-flow__node-flow").all():
        node.click()
        expect(page.get_by_text("画布上的名称", exact=True)).to_be_visible()
        yield f"settings of {node.get_attribute('data-id')}", left()
    for tab in ("chat", "trace", "comments"):
        page.get_by_test_id(f"tab-{tab}").click()
        expect(page.get_by_test_id(f"tab-{tab}")).to_have_attribute("aria-selected", "true")
        yield tab, left()
    for name, opens in OVERLAYS.items():
        page.locator(".react-flow__pane").click(position={"x": 420, "y": 60})
        opens(page)
        expect(page.locator("dialog[open], [role=dialog], [role=menu], .find-box").last).to_be_visible()
        yield name, left()
        page.keyboard.press("Escape")
    for path in (world.path_of("chat/<address>/"), f"/publishing/{world.flow.pk}/"):
        page.goto(f"{address}{path}")
        yield path, left()


OVERLAYS: dict[str, Callable[[Page], None]] = {
    "commands": lambda page: page.keyboard.press("Control+k"),
    "shortcuts": lambda page: page.keyboard.press("?"),
    "find": lambda page: page.keyboard.press("Control+f"),
    "quick add": lambda page: page.keyboard.press("a"),
    "menu of the canvas": lambda page: page.locator(".react-flow__pane").click(
        position={"x": 420, "y": 60}, button="right"
    ),
    "menu of a node": lambda page: page.locator(".react-flow__node-flow").first.click(button="right"),
}


def names_of_ports() -> set[str]:
    """Ports and types of values are called the same in every language: texts, errors and programs name them."""
    ports = [port for kind in catalogue().describe() for port in (*kind["inputs"], *kind["outputs"])]
    return {word for port in ports for word in (port["name"], port["type"])}
