"""The seed demo by clicking, from an empty workspace: nine steps from a sentence to a published bot, in two languages."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openai import OpenAI

pytest.importorskip("playwright")
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect

from tests.browser.asking import ask
from tests.browser.other_site import other_site
from tests.browser.signing_in import sign_in
from tests.installation import Installation

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.slow]
PROTOCOL = Path(__file__).parents[2] / "examples" / "protocol"
INDEXING = 300_000


@dataclass(frozen=True)
class Words:
    """What a person types, in their language."""

    name: str
    description: str
    document: str
    api: str
    wish: str
    question: str
    city: str
    in_other_words: str
    another: str


ENGLISH = Words(
    name="Protocol bot",
    description="A bot that parses our delivery data centre's protocol from natural language and returns mock records.",
    document="parcel-protocol.docx",
    api="parcel-protocol.openapi.yaml",
    wish="Use only the fields of the protocol",
    question="Make a depot record.",
    city="Rotterdam",
    in_other_words="I need a depot record.",
    another="Make a vehicle record.",
)
CHINESE = Words(
    name="协议助手",
    description="一个机器人：用自然语言解析配送数据中心的协议，并返回模拟数据记录。",
    document="parcel-protocol.zh.md",
    api="parcel-protocol.zh.openapi.yaml",
    wish="只使用协议中的字段",
    question="生成一条仓库记录。",
    city="杭州",
    in_other_words="我需要一条仓库记录。",
    another="生成一条车辆记录。",
)


@pytest.fixture
def empty_app(live_app: Installation) -> Installation:
    """As somebody sees it who has made nothing yet."""
    return live_app.newcomer()


@pytest.fixture
def owner_s_page(empty_app: Installation, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    sign_in(page, empty_app)
    yield page
    assert errors == []
    context.close()


@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_nine_steps_from_a_sentence_to_a_published_bot(
    owner_s_page: Page, empty_app: Installation, browser: Browser, words: Words, tmp_path: Path
):
    page = owner_s_page
    schemas = json.loads((PROTOCOL / words.api.replace(".yaml", ".json")).read_text())["components"][
        "schemas"
    ]
    editor = make_bot(page, words)
    improve_prompt(page, words)
    upload_with_preview(page, words)
    see_a_failure_and_retry(page, tmp_path)
    answer = ask_in_the_debug_pane(page, words)
    expected = {**json.loads(answer.inner_text()), "city": words.city}
    correct_once(page, words, expected)
    page.goto(editor)
    assert json.loads(ask(page, words.in_other_words)) == expected
    import_the_api(page, words)
    page.goto(editor)
    valid(json.loads(ask(page, words.another)), schemas["vehicle"])
    publish_edit_and_roll_back(page, editor, empty_app, browser, words, expected)


def make_bot(page: Page, words: Words) -> str:
    """Step 1; the editor's address."""
    page.get_by_role("link", name="New bot").first.click()
    page.get_by_label("Name", exact=True).fill(words.name)
    page.get_by_label("What it is for").fill(words.description)
    expect(page.get_by_test_id("understood")).to_contain_text("Looks things up in documents")
    expect(page.get_by_test_id("understood")).to_contain_text("Answers with made-up records")
    page.get_by_test_id("create-bot").click()
    expect(page.get_by_test_id("node-retrieve_1")).to_be_visible()
    expect(page.get_by_test_id("node-record_1")).to_be_visible()
    return page.url


def improve_prompt(page: Page, words: Words) -> None:
    """Step 2: a rewrite is streamed, compared, retried, used."""
    page.get_by_test_id("node-prompt_1").click()
    page.get_by_test_id("improve-template").click()
    dialog = page.get_by_role("dialog", name="Improve the prompt")
    dialog.get_by_label("What should be different?").fill(words.wish)
    dialog.get_by_test_id("rewrite").click()
    expect(dialog.get_by_test_id("difference").locator("ins").first).to_contain_text(words.wish)
    dialog.get_by_test_id("retry").click()
    expect(dialog.get_by_test_id("difference").locator("ins").first).to_contain_text(words.wish)
    dialog.get_by_test_id("use").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_test_id("field-template")).to_have_value(re.compile(re.escape(words.wish)))


def upload_with_preview(page: Page, words: Words) -> None:
    """Steps 3 and 4: the passages are looked at, split otherwise, committed; how far it is can be seen."""
    page.goto(page.url.split("/flows/")[0] + "/knowledge/")
    page.get_by_role("link", name=words.name).click()
    base = page.url
    page.get_by_label("Let me look at the passages before they are used").check()
    page.get_by_label("Upload files").set_input_files(PROTOCOL / words.document)
    page.get_by_role("link", name=words.document).click()
    expect(page.get_by_test_id("piece").first).to_be_visible(timeout=120_000)
    count = page.get_by_test_id("preview").last.locator("span").first
    before = count.inner_text()
    page.get_by_label("Length", exact=True).fill("120")
    expect(count).not_to_have_text(before, timeout=60_000)
    page.get_by_label("Length", exact=True).fill("220")
    expect(count).to_have_text(before, timeout=60_000)
    page.get_by_role("button", name="Use these passages").click()
    page.goto(base)
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=INDEXING)
    expect(page.get_by_test_id("document")).to_have_attribute("data-status", "ready", timeout=INDEXING)


def see_a_failure_and_retry(page: Page, tmp_path: Path) -> None:
    """Step 4: what cannot be read says why, and can be tried again."""
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 but no more")
    page.get_by_label("Let me look at the passages before they are used").uncheck()
    page.get_by_label("Upload files").set_input_files(broken)
    failed = page.get_by_test_id("document").filter(has_text="broken.pdf")
    expect(failed).to_have_attribute("data-status", "failed", timeout=60_000)
    expect(failed).to_contain_text("damaged")
    with page.expect_response(lambda response: response.url.endswith("/indexing/")):
        failed.get_by_role("button", name="Retry").click()
    page.reload()  # what was there before the answer looks like what comes of it
    expect(page.locator("#documents").get_by_role("status")).to_have_count(0, timeout=60_000)
    expect(failed).to_have_attribute("data-status", "failed")
    page.once("dialog", lambda dialog: dialog.accept())
    failed.get_by_role("button", name="Delete").click()
    expect(failed).to_have_count(0)


def ask_in_the_debug_pane(page: Page, words: Words) -> Locator:
    """Step 5: passages, scores, latency, tokens; the answer."""
    page.get_by_role("link", name="Debug").click()
    page.get_by_label("Question", exact=True).fill(words.question)
    page.get_by_role("button", name="Ask").click()
    hit = page.get_by_test_id("hit").first
    expect(hit).to_contain_text("depot", timeout=60_000)
    expect(hit).to_contain_text("Relevance")
    answer = page.get_by_test_id("answer")
    expect(answer).to_contain_text("depot_id", timeout=120_000)
    expect(page.get_by_test_id("citation").first).to_contain_text(words.document)
    page.get_by_text("What each step took").first.click()
    expect(page.get_by_role("row").filter(has_text="ms").first).to_be_visible()
    return answer


def correct_once(page: Page, words: Words, expected: dict) -> None:
    """Step 6: one form makes an answer, a test case and a pair; the same question is then right."""
    page.get_by_label("The record that was expected").or_(
        page.get_by_label("What should have been answered")
    ).fill(json.dumps(expected, ensure_ascii=False))
    page.get_by_role("button", name="Answer so from now on").click()
    made = page.get_by_test_id("corrected")
    for part in ("in other words, too", "A test case in", "A preference pair"):
        expect(made).to_contain_text(part)
    page.get_by_label("Question", exact=True).fill(words.in_other_words)
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_test_id("directly")).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("answer")).to_contain_text(words.city)


def import_the_api(page: Page, words: Words) -> None:
    """Step 7: an answer made from the schema, another one with another seed."""
    page.goto(page.url.split("/flows/")[0] + "/knowledge/")
    page.get_by_role("link", name="APIs").click()
    page.get_by_label("A file").set_input_files(PROTOCOL / words.api)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_test_id("operation").first).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="/depot", exact=True).first.click()
    made = page.get_by_test_id("made")
    expect(made).to_contain_text("DP-")
    first = made.inner_text()
    page.get_by_role("link", name="Another one").click()
    expect(made).not_to_have_text(first)


def publish_edit_and_roll_back(
    page: Page, editor: str, app: Installation, browser: Browser, words: Words, expected: dict
) -> None:
    """Step 9: page, API and widget answer by version 1 whatever becomes of the draft, and again after a roll back."""
    page.get_by_test_id("publish-button").click()
    page.get_by_test_id("publish-page").click()
    manage = page.url
    page.get_by_test_id("publish").click()
    expect(page.get_by_test_id("live")).to_have_attribute("data-version", "1")
    page.get_by_test_id("switch-page").click()
    public = page.get_by_test_id("page-url").inner_text()

    context = browser.new_context()
    visitor = context.new_page()
    visitor.goto(public)
    assert as_visitor(visitor, words.question) == expected

    page.goto(editor)
    page.get_by_test_id("node-retrieve_1").click()
    page.get_by_test_id("field-answer_directly").uncheck()
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-state", "saved", timeout=15_000)
    assert as_visitor(visitor, words.question) == expected
    assert by_api(app, editor, words) == expected

    page.goto(manage)
    page.get_by_test_id("publish").click()
    expect(page.get_by_test_id("live")).to_have_attribute("data-version", "2")
    assert as_visitor(visitor, words.question) != expected
    page.get_by_test_id("roll-back").click()
    expect(page.get_by_test_id("live")).to_have_attribute("data-version", "1")
    assert as_visitor(visitor, words.question) == expected
    assert by_api(app, editor, words) == expected

    with app.client() as client:
        doors = {"embed": True, "any_site": True}
        address = client.patch(f"/api/flows/{flow_of(editor)}/doors", json=doors).json()["address"]
    tag = f'<script src="{app.url}/static/dist/embed.js" data-bot="{address}" data-mode="inline" data-target="#place" async></script>'
    with other_site(app.url, tag) as site:
        visitor.goto(site)
        assert as_visitor(visitor.frame_locator("iframe"), words.question) == expected
    context.close()


def as_visitor(page: Page | FrameLocator, question: str) -> dict:
    """The record that somebody who never signed in is shown."""
    turns = page.get_by_test_id("turn")
    before = turns.count()
    page.get_by_test_id("question").fill(question)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(turns).to_have_count(before + 1)
    expect(turns.last.get_by_role("button", name="Good answer")).to_be_visible(timeout=90_000)
    return json.loads(turns.last.get_by_test_id("answer").inner_text())


def by_api(app: Installation, editor: str, words: Words) -> dict:
    with app.client() as client:
        slug = client.get(f"/api/flows/{flow_of(editor)}").json()["slug"]
    answer = OpenAI(base_url=f"{app.url}/v1", api_key=app.key).chat.completions.create(
        model=slug, messages=[{"role": "user", "content": words.question}]
    )
    return json.loads(answer.choices[0].message.content or "")


def flow_of(editor: str) -> str:
    return editor.rstrip("/").rsplit("/", 1)[-1]


def valid(record: dict, schema: dict) -> None:
    """Step 8."""
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    assert [error.message for error in validator.iter_errors(record)] == []
