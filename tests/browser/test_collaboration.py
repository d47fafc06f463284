"""Two people in one flow, each in a browser of their own: they see each other and each other's edits, and lose none."""

import subprocess
import sys

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_drafts_and_versions import shoot
from tests.browser.test_editor import hello, saved, stored  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.integration]
ADA = """
import os
from flowbuilder.accounts.models import Membership, User
owned = Membership.objects.get(user__email=os.environ["FLOWBUILDER_OWNER_EMAIL"], role="owner")
user = User.objects.create_user("ada@example.test", "correct horse battery", name="Ada Byron")
Membership.objects.create(user=user, workspace=owned.workspace, role="editor")
"""


@pytest.fixture(scope="module")
def ada_exists(live_app) -> None:
    command = [sys.executable, "manage.py", "shell", "-c", ADA]
    subprocess.run(command, check=True, env=live_app.variables())


@pytest.fixture
def ada(browser: Browser, live_app, ada_exists, hello) -> Page:  # noqa: F811
    """The same flow in the teammate's browser."""
    _, flow = hello
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{live_app.url}/accounts/sign-in/")
    page.get_by_label("Email").fill("ada@example.test")
    page.get_by_label("Password").fill(live_app.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{live_app.url}/")
    page.goto(f"{live_app.url}/flows/{flow['id']}/")
    expect(page.get_by_test_id("node-prompt_1")).to_be_visible()
    yield page
    context.close()


def write(page: Page, node: str, field: str, text: str) -> None:
    page.get_by_test_id(f"node-{node}").click()
    page.get_by_test_id(f"field-{field}").fill(text)


def settings_of(live_app, flow, node: str) -> dict:
    nodes = stored(live_app, flow)["graph"]["nodes"]
    return next(known["settings"] for known in nodes if known["id"] == node)


def test_two_people_see_each_other_and_each_others_edits(hello, ada, live_app):  # noqa: F811
    mine, flow = hello
    expect(mine.get_by_role("button", name="Ada Byron")).to_be_visible()
    expect(ada.get_by_test_id("people")).to_be_visible()

    # A pointer, and what is chosen.
    ada.get_by_test_id("node-reply_1").hover()
    expect(mine.get_by_test_id("cursor")).to_contain_text("Ada Byron")
    ada.get_by_test_id("node-reply_1").click()
    expect(mine.get_by_test_id("chosen-reply_1")).to_contain_text("Ada Byron")
    shoot(mine, "two-people")

    # Different nodes at once, typed at once.
    write(mine, "prompt_1", "template", "Mine {{ name }}")
    write(ada, "start_1", "example", "Theirs")
    for page in (mine, ada):
        saved(page)
        page.get_by_test_id("node-start_1").click()
        expect(page.get_by_test_id("field-example")).to_have_value("Theirs")
        page.get_by_test_id("node-prompt_1").click()
        expect(page.get_by_test_id("field-template")).to_have_value("Mine {{ name }}")

    # The same setting: the last one stands, the other is told and can have theirs back.
    ada.get_by_test_id("field-template").fill("Ada's {{ name }}")
    expect(mine.get_by_test_id("field-template")).to_have_value("Ada's {{ name }}")
    mine.get_by_role("button", name="Put mine back").click()
    expect(ada.get_by_test_id("field-template")).to_have_value("Mine {{ name }}")

    # Undo takes one's own step back, not the other's.
    write(ada, "start_1", "question_label", "Who?")
    mine.get_by_test_id("node-start_1").click()
    expect(mine.get_by_test_id("field-question_label")).to_have_value("Who?")
    mine.get_by_test_id("undo-button").click()
    mine.get_by_test_id("node-prompt_1").click()
    expect(mine.get_by_test_id("field-template")).to_have_value("Ada's {{ name }}")
    saved(mine)
    assert settings_of(live_app, flow, "start_1")["question_label"] == "Who?"

    # A program that saves over HTTP comes into open editors.
    with live_app.client() as client:
        known = client.get(f"/api/flows/{flow['id']}").json()
        graph = known["graph"]
        graph["nodes"].append({"id": "prompt_7", "type": "text.prompt", "position": {"x": 40, "y": 400}})
        body = {"graph": graph, "revision": known["revision"]}
        assert client.put(f"/api/flows/{flow['id']}", json=body).status_code == 200
        assert client.put(f"/api/flows/{flow['id']}", json=body).status_code == 409
    for page in (mine, ada):
        expect(page.get_by_test_id("node-prompt_7")).to_be_visible()


def test_who_is_cut_off_goes_on_and_loses_nothing(hello, ada, live_app):  # noqa: F811
    mine, flow = hello
    expect(mine.get_by_test_id("people")).to_be_visible()
    ada.get_by_test_id("node-prompt_1").click()
    expect(ada.get_by_test_id("field-template")).to_be_visible()
    ada.context.set_offline(True)
    write(ada, "prompt_1", "template", "Ada's {{ name }}")
    ada.get_by_test_id("node-start_1").click()
    ada.keyboard.press("Control+d")
    expect(ada.get_by_test_id("node-start_2")).to_be_visible()
    expect(ada.get_by_test_id("save-state")).to_have_attribute("data-state", "failed")

    # Meanwhile the other changes something else, and adds a node that gets the same id.
    write(mine, "start_1", "example", "Mine")
    mine.get_by_test_id("node-start_1").click()
    mine.keyboard.press("Control+d")
    saved(mine)

    ada.context.set_offline(False)
    saved(ada)
    expect(ada.get_by_test_id("people")).to_be_visible()
    nodes = {node["id"]: node["settings"] for node in stored(live_app, flow)["graph"]["nodes"]}
    assert {"start_1", "start_2", "start_3", "prompt_1", "reply_1"} == nodes.keys()
    assert nodes["prompt_1"]["template"] == "Ada's {{ name }}" and nodes["start_1"]["example"] == "Mine"
    for page in (mine, ada):
        expect(page.get_by_test_id("node-start_3")).to_be_visible()

    # Cut off again, and both change one thing: whoever was away decides.
    ada.context.set_offline(True)
    write(ada, "prompt_1", "template", "Again {{ name }}")
    expect(ada.get_by_test_id("save-state")).to_have_attribute("data-state", "failed")
    write(mine, "prompt_1", "template", "Mine {{ name }}")
    saved(mine)
    ada.context.set_offline(False)
    ada.get_by_test_id("conflict-compare").click()
    expect(ada.get_by_test_id("differences")).to_contain_text("Mine {{ name }}")
    shoot(ada, "both-changed-it")
    ada.get_by_test_id("conflict-reload").click()
    expect(ada.get_by_test_id("field-template")).to_have_value("Mine {{ name }}")
    ada.get_by_test_id("undo-button").click()
    expect(mine.get_by_test_id("field-template")).to_have_value("Again {{ name }}")


def test_what_was_changed_without_a_connection_outlives_the_tab(hello, ada, live_app):  # noqa: F811
    mine, flow = hello
    address, context = ada.url, ada.context
    ada.get_by_test_id("node-prompt_1").click()
    expect(ada.get_by_test_id("field-template")).to_be_visible()
    context.set_offline(True)
    write(ada, "prompt_1", "template", "Offline {{ name }}")
    expect(ada.get_by_test_id("save-state")).to_have_attribute("data-state", "failed")
    ada.close()

    write(mine, "start_1", "example", "Meanwhile")
    saved(mine)
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    saved(again)
    expect(again.get_by_text("What you had changed without a connection is back, and saved.")).to_be_visible()
    assert settings_of(live_app, flow, "prompt_1")["template"] == "Offline {{ name }}"
    assert settings_of(live_app, flow, "start_1")["example"] == "Meanwhile"

    # Both changed the same: who comes back is asked, as after any break.
    again.get_by_test_id("node-prompt_1").click()
    expect(again.get_by_test_id("field-template")).to_be_visible()
    context.set_offline(True)
    write(again, "prompt_1", "template", "Mine, offline")
    expect(again.get_by_test_id("save-state")).to_have_attribute("data-state", "failed")
    again.close()
    write(mine, "prompt_1", "template", "Theirs")
    saved(mine)
    context.set_offline(False)
    last = context.new_page()
    last.goto(address)
    last.get_by_test_id("conflict-keep").click()
    saved(last)
    assert settings_of(live_app, flow, "prompt_1")["template"] == "Mine, offline"
