"""Visitors are spoken to in their language: their browser's, the page's switch, or what the widget asks for."""

import pytest
from django.utils import translation

from flowbuilder.publishing import doors as ways_in
from tests.publishing.conftest import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english_afterwards():
    yield
    translation.deactivate()


@pytest.mark.parametrize(
    ("query", "browser", "spoken"),
    [
        ("", "en", "en"),
        ("", "zh-CN,zh;q=0.9", "zh-hans"),
        ("?language=zh-hans", "en", "zh-hans"),
        ("?language=ZH-cn", "en", "zh-hans"),
        ("?language=en", "zh-CN", "en"),
        ("?language=xx", "zh-CN", "zh-hans"),
    ],
)
def test_the_page_and_the_frame(client, asker, live_flow, query, browser, spoken):
    doors = ways_in.change(asker=asker, flow=live_flow, page=True, embed=True, any_site=True)
    for path in (f"/chat/{doors.address}/", f"/chat/{doors.address}/frame/"):
        text = client.get(path + query, headers={"accept-language": browser}).content.decode()
        assert f'<html lang="{spoken}"' in text
        assert ("提个问题" in text) == (spoken != "en")


def test_the_page_offers_the_other_language(client, doors):
    text = client.get(f"/chat/{doors.address}/").content.decode()
    assert 'href="?language=zh-hans"' in text and 'href="?language=en"' not in text


def test_an_error_is_told_in_the_page_s_language(doors):
    visit = Visit(doors.address)
    refused = visit.ask("", **{"accept-language": "zh-hans"})
    assert refused.status_code == 422 and refused.json()["error"]["message"] == "问题为空。"
    assert visit.ask("").json()["error"]["message"] == "The question is empty."
