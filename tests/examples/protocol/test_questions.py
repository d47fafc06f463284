"""The questions are many, all different, and what they expect stands where they say, whatever the format."""

import json
import re
from collections import Counter
from functools import cache

import pytest

from examples.protocol.make_documents import HERE, name_of, questions_name
from examples.protocol.source.protocol import records
from examples.protocol.source.shapes import LANGUAGES
from examples.protocol.writing.questions import question_lines
from flowbuilder.knowledge.formats import format_of
from flowbuilder.knowledge.loaders.confined import read_text
from flowbuilder.knowledge.splitting.blocks import blocks
from flowbuilder.knowledge.splitting.sections import sections

KINDS = {"record request", "fact", "rule across records", "out of scope"}


def rows(language):
    return [json.loads(line) for line in (HERE / questions_name(language)).read_text().splitlines()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_they_are_written_from_the_source(language):
    assert question_lines(language) == (HERE / questions_name(language)).read_text(), (
        "Run python -m examples.protocol.make_documents"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_of_each_kind_in_other_words(language):
    found = rows(language)
    kinds = Counter(row["kind"] for row in found)
    assert len(found) >= 120 and set(kinds) == KINDS and min(kinds.values()) >= 10
    assert all(len(row["paraphrases"]) >= 3 for row in found)
    asked = [wording.casefold() for row in found for wording in (row["question"], *row["paraphrases"])]
    assert [wording for wording, often in Counter(asked).items() if often > 1] == []


def test_both_languages_ask_the_same():
    for english, chinese in zip(rows("en"), rows("zh"), strict=True):
        assert english["kind"] == chinese["kind"]
        assert len(english["paraphrases"]) == len(chinese["paraphrases"])
        assert bool(english["expected"]) == bool(chinese["expected"])


def test_every_record_is_asked_for():
    asked = [row["answer"] for row in rows("en") if row["kind"] == "record request"]
    assert sorted(asked) == sorted(record.name for record in records())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("suffix", ["md", "docx", "pdf", "xlsx"])
def test_each_quote_is_read_from_each_format(language, suffix):
    text = plain(read(name_of(language, suffix)))
    for row in rows(language):
        assert bool(row["expected"]) == (row["kind"] != "out of scope")
        for passage in row["expected"]:
            assert plain(passage["quote"]) in text, row["question"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("suffix", ["md", "docx", "pdf"])
def test_each_quote_stands_below_its_heading(language, suffix):
    below: dict[str, str] = {}
    text = read(name_of(language, suffix))
    for section in sections(blocks(text)):
        title = plain(section.heading.rsplit(" › ", 1)[-1])
        below[title] = below.get(title, "") + plain(text[section.span.start : section.span.end])
    for row in rows(language):
        for passage in row["expected"]:
            assert plain(passage["quote"]) in below[plain(passage["heading"])], row["question"]


@cache
def read(name):
    data = (HERE / name).read_bytes()
    found = read_text(data, format_of(name, data))
    return found if isinstance(found, str) else found.text


def plain(text: str) -> str:
    """Without line ends, white space and the marks of Markdown: readers differ in them."""
    return re.sub(r"[\s\\`]", "", text)
