"""The whole product in Chinese: chosen in the navigation, kept, and spoken by the editor and its nodes."""

import pytest

pytest.importorskip("playwright")
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.safety.conftest import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(redis_server, transactional_db) -> World:
    return make_world()


def test_chosen_once_it_is_spoken_everywhere(world: World, live_server, page: Page):
    session = {"name": settings.SESSION_COOKIE_NAME, "value": world.cookies["owner"], "url": live_server.url}
    page.context.add_cookies([session])
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(live_server.url)
    page.get_by_role("button", name="简体中文").click()
    expect(page.get_by_role("navigation", name="主导航")).to_contain_text("知识库")
    page.goto(f"{live_server.url}/flows/{world.flow.pk}/")
    expect(page.get_by_test_id("run-button")).to_contain_text("运行")
    expect(page.get_by_test_id("palette-item-text.prompt")).to_contain_text("提示词")
    page.get_by_test_id("node-reply").click()
    expect(page.get_by_text("画布上的名称")).to_be_visible()
    page.goto(live_server.url)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("navigation", name="Main")).to_contain_text("Knowledge")
