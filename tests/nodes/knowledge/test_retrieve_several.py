from dataclasses import replace

import pytest

from nodes.base import NodeError
from nodes.knowledge.fusing import fused
from nodes.knowledge.retrieve_several import RetrieveSeveral
from nodes.types import Found, Items, Passage, Passages


def passage(name: str) -> Passage:
    return Passage(text=name, source="book", score=0.5, passage_id=name)


class Known:
    """What each question finds."""

    def __init__(self, found):
        self.found, self.asked = found, []

    async def search(self, bases, question, looking):
        self.asked.append((bases, question, looking.limit))
        return Found(passages=Passages(items=tuple(map(passage, self.found[question]))))


@pytest.fixture
def search(make_context):
    async def search(found, queries, **settings):
        known, reports = Known(found), []
        context = replace(make_context(report=lambda *args: reports.append(args)), knowledge=known)
        passages = await RetrieveSeveral(base="B", **settings).run(
            context, [Items(items=queries[:1]), Items(items=queries[1:])]
        )
        return passages, known.asked, reports

    return search


async def test_what_several_queries_find_stands_first(search):
    found = {"a": "xyz", "b": "yw"}
    passages, asked, reports = await search(found, ("a", "b", "a"), limit=3, numbered=True)
    assert [each.text for each in passages.items] == ["y", "x", "w"]
    assert asked == [(["B"], "a", 3), (["B"], "b", 3)]
    assert passages.items[0].score > passages.items[1].score and str(passages).startswith("[1] y")
    kind, told = reports[-1]
    assert kind == "citations" and [each["passage_id"] for each in told["items"]] == ["y", "x", "w"]


async def test_what_too_few_find_is_left_out(search):
    passages, _, _ = await search({"a": "xyz", "b": "yw"}, ("a", "b"), least_found=2)
    assert [each.text for each in passages.items] == ["y"]


async def test_no_query_is_refused(search):
    with pytest.raises(NodeError, match="'queries' has 0"):
        await search({}, (" ",))


def test_what_is_first_everywhere_has_one():
    ranking = [passage("x"), passage("y")]
    assert [each.score for each in fused([ranking, ranking])] == [1.0, round(61 / 62, 6)]
    assert fused([[], []]) == []
