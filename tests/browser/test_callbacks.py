"""Callbacks from the browser to a program: its secret is shown once, what it misses comes again, and all of it is seen."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.browser.axe import found_in_both_themes
from tests.installation import Installation, wait_until
from tests.publishing.drawn import graph, published

pytestmark = [pytest.mark.browser, pytest.mark.integration]
GREETS = graph({"id": "prompt", "type": "text.prompt", "settings": {"template": "Hello, {{ said }}!"}})
PROGRAM = Path(__file__).parents[1] / "publishing" / "callbacks" / "receiver.py"


@pytest.fixture
def inbox(live_app: Installation, tmp_path: Path) -> Iterator[Path]:
    """The folder of a program that listens at the one address that this installation may call."""
    (tmp_path / "secret").write_text("")
    (tmp_path / "answers").write_text("500")
    command = [sys.executable, str(PROGRAM), str(live_app.outside_port), str(tmp_path)]
    with subprocess.Popen(command) as program:
        yield tmp_path
        program.kill()


def told(inbox: Path) -> list[dict]:
    kept = inbox / "told.jsonl"
    return [json.loads(line) for line in kept.read_text().splitlines()] if kept.exists() else []


def test_a_program_is_told_and_believes_it(signed_in: Page, live_app: Installation, inbox: Path):
    page = signed_in
    with live_app.client() as client:
        flow = published(client, "Told of", GREETS)

        def ask(name: str) -> str:
            body = {"version": "live", "inputs": {"question": name}}
            return client.post(f"/api/flows/{flow['id']}/runs", json=body).json()["id"]

        release = f"{live_app.url}/publishing/{flow['id']}/"
        page.goto(release)
        callbacks = page.get_by_test_id("callbacks")
        callbacks.get_by_label("Address").fill(f"http://127.0.0.1:{live_app.outside_port}/runs")
        page.get_by_test_id("add-callback").click()
        secret = page.get_by_test_id("callback-secret").inner_text()
        (inbox / "secret").write_text(secret)
        page.goto(release)
        expect(page.get_by_test_id("callbacks").get_by_text("on", exact=True)).to_be_visible()
        assert secret not in page.content()

        first = ask("Ann")
        wait_until(lambda: len(told(inbox)) == 2, seconds=60, what="the message, and the same once more")
        missed, came = told(inbox)
        assert (missed["status"], came["status"], missed["id"]) == (500, 204, came["id"])
        assert came["type"] == "run.finished"
        assert (came["data"]["id"], came["data"]["reply"]) == (first, "Hello, Ann!")
        second = ask("Bo")
        wait_until(lambda: len(told(inbox)) == 3, seconds=60, what="the message of the second run")
        assert told(inbox)[2]["data"]["id"] == second and told(inbox)[2]["timestamp"] > came["timestamp"]

        page.goto(f"{release}deliveries/")
        rows = (
            page.get_by_test_id("delivery-list")
            .get_by_role("listitem")
            .filter(has=page.get_by_role("button"))
        )
        expect(rows).to_have_count(2)
        expect(rows.last).to_contain_text("Delivered")
        rows.last.locator("summary").click()
        expect(rows.last).to_contain_text("2 tries")
        expect(rows.last).to_contain_text("500")
        expect(rows.last.locator("pre")).to_contain_text("Hello, Ann!")
        assert found_in_both_themes(page) == []
        rows.last.get_by_role("button", name="Send again").click()
        wait_until(lambda: len(told(inbox)) == 4, seconds=60, what="the message that was sent again by hand")
        again = told(inbox)[3]
        assert (again["id"], again["data"], again["status"]) == (came["id"], came["data"], 204)

        page.goto(release)
        page.get_by_test_id("callbacks").get_by_role("button", name="New secret").click()
        expect(page.get_by_test_id("callback-secret")).not_to_have_text(secret)
        (inbox / "answers").write_text("410")
        (inbox / "secret").write_text(page.get_by_test_id("callback-secret").inner_text())
        ask("Cy")
        wait_until(
            lambda: told(inbox)[-1]["status"] == 410, seconds=60, what="the message that is not wanted"
        )

        def switched_off() -> bool:
            return not client.get(f"/api/flows/{flow['id']}/callbacks").json()[0]["active"]

        wait_until(switched_off, seconds=30, what="the address that is told no more")
        page.goto(release)
        expect(page.get_by_test_id("callbacks")).to_contain_text("410 Gone")
