"""Errors are kept in English and shown in the reader's language, wherever they were put together."""

import ast
import re

import pytest
from django.utils import translation

from flowbuilder.accounts.errors import ApiError
from flowbuilder.translation.errors import Phrases, in_answer, said
from flowbuilder.translation.messages import ROOT
from flowbuilder.translation.raised import said_in

PHRASES = Phrases(
    {
        "It is empty.": "它是空的。",
        "There is no flow '{name}'.": "没有工作流“{name}”。",
        "Model '{ref}': {message}": "模型“{ref}”：{message}",
        "{count} of {most} are there.": "共 {most} 个，已有 {count} 个。",
    }
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It is empty.", "它是空的。"),
        ("There is no flow 'It's mine'.", "没有工作流“It's mine”。"),
        ("Model 'a@1': It is empty.", "模型“a@1”：它是空的。"),
        ("3 of 5 are there.", "共 5 个，已有 3 个。"),
        ("It is empty. There is no flow 'x'.", "它是空的。没有工作流“x”。"),
        ("prompt_1: It is empty.", "prompt_1: 它是空的。"),
        ("Nobody knows this. It is empty.", "Nobody knows this. 它是空的。"),
        ("Nobody knows this.", None),
    ],
)
def test_a_sentence_is_found_with_its_values(text, shown):
    assert PHRASES.translated(text) == shown


def test_a_long_text_without_a_pattern_takes_no_time():
    assert PHRASES.translated("flow '" * 600) is None


def test_an_api_error_is_told_in_the_reader_s_language():
    error = ApiError("not_found", "There is no such flow, or it is not yours.", 404)
    assert error.message == str(error)
    with translation.override("zh-hans"):
        assert error.message == "没有这个工作流，或者它不属于您。"
        assert str(error) == "There is no such flow, or it is not yours.", "logs stay English"


def test_what_flows_gave_is_left_alone():
    event = {
        "type": "node.failed",
        "data": {
            "error": "The model worker stopped while it was answering.",
            "outputs": {"error": "Field required"},
        },
    }
    told = in_answer(event, "zh-hans")["data"]
    assert told == {"error": "模型工作进程在回答时停止了。", "outputs": {"error": "Field required"}}
    assert in_answer(event, "en") == event


@pytest.mark.django_db
def test_pages_and_api_ask_who_reads(api_client, owner):
    client = api_client(owner)
    path = "/api/flows/00000000-0000-0000-0000-000000000001"
    assert client.get(path).json()["error"]["message"].startswith("There is no such flow")
    chinese = client.get(path, headers={"accept-language": "zh-CN"}).json()["error"]["message"]
    assert chinese == "没有这个工作流，或者它不属于您。"
    wrong = client.post("/api/flows", {}, "application/json", headers={"accept-language": "zh-CN"}).json()[
        "error"
    ]
    assert "此字段必填" in wrong["message"] and wrong["details"][0]["message"] == "此字段必填"


def test_the_code_is_read():
    source = '''
def check(name, parts):
    """There is a docstring here."""
    log.warning("This is %s for the log.", name)
    if not parts:
        raise ApiError("empty", f"There is nothing in '{name}'." + " Add some.", 422)
    raise NodeError(f"{len(parts)} of {parts[0].most + 1}: " + "; ".join(parts))
'''
    found = [text for text, _raised in said_in(ast.parse(source), False)]
    assert found == ["There is nothing in '{name}'. Add some.", "{parts} of {value}: {parts_}"]


STORED = re.compile(
    r"\{\{ *(?!failure\.)[\w.]*\b(?:error|errors|problem|refused|refusal)(?:\.message)? *(?:\|(?!said)[^}]*)?\}\}"
)
"""What stands in the field of a form is sent back as it was."""


def test_templates_show_no_error_without_its_translation():
    bare = [
        f"{path.relative_to(ROOT)}: {found}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for found in STORED.findall(path.read_text())
    ]
    assert not bare, "\n".join(["write {{ … |said }}:", *bare])


def test_what_is_said_in_english_stays_so():
    assert said("Field required") == "Field required" and said(None) == ""
