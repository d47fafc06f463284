"""Every page of the URL configuration in Chinese: no English words but names, code, and what people wrote."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import models

from tests.safety.expectations import ROUTES
from tests.safety.world.whole import World, make_world

pytestmark = pytest.mark.django_db
SILENT = {"script", "style", "code", "pre", "kbd", "svg", "textarea", "template", "option"}
EMPTY = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
READ_OUT = ("title", "aria-label", "placeholder", "alt")
CODE = re.compile(r"\S*[/@_.:=\d-]\S*|\b[a-z]+-[a-z-]+\b|lang eq en|curl")
"""Addresses, numbers, names of settings."""
WORDS = re.compile(r"[A-Za-z]{2,}(?:[ '’]+[A-Za-z]{2,})+")
WORD = re.compile(r"\b[A-Z][a-z]{3,}\b")
"""In a text without a Chinese sign even one word is left over; in others it is a name."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NAMES = re.compile(
    r"Flowbuilder|Flowise|Langflow|Dify|English|OpenAI|OpenAPI|Postman|Swagger|Ollama|Python|JavaScript|JSON|Schema|Markdown|Parquet|LoRA|Excel|Enter"
    r"|Hugging Face|Model Context Protocol|Bearer|Webhook|Wilson|Cohen|Fleiss"
)


class Texts(HTMLParser):
    """What is read on a page: words between tags, and in attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.found += [given[name] or "" for name in READ_OUT if name in given]
        if tag not in EMPTY:
            self.open.append("silent" if given.get("lang") == "en" else tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag not in EMPTY:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not ({*self.open} & {*SILENT, "silent"}):
            self.found.append(" ".join(data.split()))


def written() -> str:
    """Everything that stands in the database."""
    kinds = (models.CharField, models.TextField, models.JSONField, models.UUIDField)
    values = [
        value
        for model in apps.get_models()
        if (columns := [field.attname for field in model._meta.concrete_fields if isinstance(field, kinds)])
        for row in model.objects.values_list(*columns)
        for value in row
    ]
    return "\n".join(value if isinstance(value, str) else json.dumps(value, default=str) for value in values)


def english(html: str, known: str) -> Iterator[str]:
    reader = Texts()
    reader.feed(html)
    for text in reader.found:
        bare = NAMES.sub("", CODE.sub("", text))
        left = WORDS.findall(bare) or (not CHINESE.search(text) and WORD.findall(bare))
        if text in known or not left:
            continue
        if any(words not in known for words in left):
            yield text[:120]


def pages(world: World) -> Iterator[tuple[str, str]]:
    asker = world.client("owner")
    for route, rules in ROUTES.items():
        rule = rules.get("GET")
        if rule is None or rule.door not in {"page", "account", "public"} or "<token>" in route:
            continue
        answer = asker.get(world.path_of(route), headers={"accept-language": "zh-hans"})
        if (
            answer.status_code == 200
            and answer["content-type"].startswith("text/html")
            and not answer.streaming
        ):
            yield route, answer.content.decode()


def test_no_english_is_left(redis_server):
    world = make_world()
    known = written()
    seen = dict(pages(world))
    assert len(seen) > 60, list(seen)
    left = {route: found for route, html in seen.items() if (found := sorted(set(english(html, known))))}
    assert not left, "\n".join(
        ["English words on Chinese pages:", *(f"/{route}: {found}" for route, found in left.items())]
    )


def test_it_would_find_them():
    html = '<p title="Close it">好 <code>Some code</code></p><p>Delete the flow<b lang="en">English is here</b></p><p>PX-1 CSV</p>'
    assert sorted(english(html, "")) == ["Close it", "Delete the flow"]
    assert list(english(html, "Close it, Delete the flow")) == []
