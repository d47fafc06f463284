"""Every action that the code tells the audit log has words that people read, and is found by them and by its name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from flowbuilder.abtests.models import Status
from flowbuilder.accounts.audit import record
from flowbuilder.accounts.audit_words import ACTIONS
from flowbuilder.publishing.transfer.moving import MOVES

SOURCES = Path(__file__).resolve().parents[2] / "flowbuilder"
NAME = re.compile(r"[a-z_]+\.[a-z_]+")
HOLES = {
    "thing.kind": set(MOVES),
    "end.status": {Status.CONCLUDED.value, Status.STOPPED.value},
    "kind": set[str](),  # read where audit.delete is called
    "self.what": {"added", "removed", "renewed"},
}
"""What stands in the names that are put together."""


def written() -> Iterator[str]:
    for path in sorted(SOURCES.rglob("*.py")):
        text = path.read_text()
        if "audit" in text:
            yield from told_in(
                ast.parse(text),
                about_signing_in="signing_in.audit import tell" in text or path.name == "audit.py",
            )


def told_in(tree: ast.AST, *, about_signing_in: bool) -> Iterator[str]:
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for call in ast.walk(function):
            if not isinstance(call, ast.Call):
                continue
            name = ast.unparse(call.func).rpartition(".")[2]
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            if name == "record" and {"asker", "action"} <= set(given):
                yield from values_of(given["action"], function, tree)
            if name == "tell" and about_signing_in:
                yield from values_of(call.args[1], function, tree)
            if ast.unparse(call.func) == "audit.delete":
                yield from (f"{kind}.deleted" for kind in values_of(given["kind"], function, tree))


def values_of(node: ast.expr, function: ast.FunctionDef, tree: ast.AST) -> Iterator[str]:
    """All that the expression may be: also where it is chosen or made in the same file."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from values_of(node.body, function, tree)
            yield from values_of(node.orelse, function, tree)
        case ast.JoinedStr(values=[*parts]):
            names = [""]
            for part in parts:
                more = [part.value] if isinstance(part, ast.Constant) else HOLES[ast.unparse(part.value)]
                names = [before + after for before in names for after in more]
            yield from names
        case ast.Call(func=ast.Name(id=called)):
            made = next(
                one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == called
            )
            for answer in ast.walk(made):
                if isinstance(answer, ast.Return) and answer.value is not None:
                    yield from values_of(answer.value, made, tree)
        case ast.Name(id=variable) if variable not in {
            each.arg for each in (*function.args.args, *function.args.kwonlyargs)
        }:
            for step in ast.walk(function):
                if isinstance(step, ast.Assign) and ast.unparse(step.targets[0]) == variable:
                    yield from values_of(step.value, function, tree)
        case ast.Name():
            return  # what a caller gives is read there
        case _:
            raise AssertionError(f"which action is {ast.unparse(node)}?")


def test_every_action_has_words_in_every_language():
    assert set(written()) == set(ACTIONS)
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said = [str(words) for words in ACTIONS.values()]
        assert len(said) == len(set(said)), "two actions that read alike"
    assert all(not words.isascii() for words in said)


@pytest.mark.django_db
def test_an_event_is_found_by_its_name_and_by_its_words_in_the_page_s_language(api_client, owner, asker):
    for action in ("flow.published", "key.issued"):
        record(asker=asker, action=action, subject="Bot", details={"left_behind": ["model a"]})
    client = api_client(owner)
    for text in ("flow.published", "LIVE"):
        assert [row["action"] for row in client.get("/api/audit", {"text": text}).json()] == [
            "flow.published"
        ]
    page = client.get("/audit/").content.decode()
    assert "What is live of a flow changed" in page and 'data-action="flow.published"' in page
    chinese = {"HTTP_ACCEPT_LANGUAGE": "zh-hans"}
    page = client.get("/audit/", {"text": "线上版本"}, **chinese).content.decode()
    shown = page.split('<ul class="list')[1]
    assert "工作流的线上版本已更改" in shown and "未带走" in shown and "API 密钥" not in shown
    assert [row["action"] for row in client.get("/api/audit", {"text": "live"}, **chinese).json()] == [
        "flow.published"
    ]
