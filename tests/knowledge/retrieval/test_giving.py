"""Parents, windows, repeats and budgets."""

import pytest

from flowbuilder.knowledge import storage
from flowbuilder.knowledge.models import Passage
from flowbuilder.knowledge.retrieval.giving import give
from flowbuilder.knowledge.retrieval.hits import Hit, Parts
from nodes.knowledge.looking import Looking

pytestmark = pytest.mark.django_db


def hits(*passages: Passage, relevance: float = 1.0) -> list[Hit]:
    return [Hit(passage, 1.0, Parts(), [], relevance) for passage in passages]


@pytest.fixture
def sentences(write) -> list[Passage]:
    return write(
        "a.md", *(("", f"Sentence number {word}.") for word in ("one", "two", "three", "four", "five"))
    )


def test_the_window_around_a_passage_is_given(sentences):
    (hit,) = give(hits(sentences[2]), Looking(window=1))
    assert hit.text == "Sentence number two.\n\nSentence number three.\n\nSentence number four."
    assert (hit.start, hit.end) == (sentences[1].start, sentences[3].end)
    assert hit.beside == [sentences[1].pk, sentences[3].pk]


def test_the_window_is_the_document_s_own_text_where_that_is_kept(sentences, settings, tmp_path):
    settings.HOME_DIR = tmp_path
    (tmp_path / "files").mkdir()
    text = " ".join(passage.text for passage in sentences)
    storage.write_text(sentences[0].document, text)
    (hit,) = give(hits(sentences[0]), Looking(window=1))
    assert hit.text == "Sentence number one. Sentence number two."


def test_what_stands_in_an_earlier_window_is_not_given_again(sentences):
    given = give(hits(sentences[1], sentences[2], sentences[4]), Looking(window=2, limit=3))
    assert [hit.passage.ordinal for hit in given] == [1, 2]
    given = give(hits(sentences[2], sentences[2]), Looking(window=1))
    assert len(given) == 1


def test_children_give_their_parent_once(write):
    parent, *children = write(
        "a.md", ("Parcel", "A whole section of parcels."), ("", "first"), ("", "second")
    )
    Passage.objects.filter(pk=parent.pk).update(searched=False)
    for child in children:
        Passage.objects.filter(pk=child.pk).update(parent=parent)
        child.refresh_from_db()
    (hit,) = give(hits(*children), Looking())
    assert hit.text == "A whole section of parcels." and hit.told()["passage_id"] == str(parent.pk)
    assert hit.told()["found_id"] == str(children[0].pk) and hit.told()["heading"] == "Parcel"


def test_nearly_equal_passages_are_given_once(write):
    text = " ".join(f"word{number}" for number in range(30))
    first, again, other = write("a.md", ("", text), ("", f"{text} more"), ("", "something else"))
    assert [hit.passage.pk for hit in give(hits(first, again, other), Looking())] == [first.pk, other.pk]


def test_budget_threshold_and_limit(sentences):
    assert len(give(hits(*sentences), Looking(limit=2))) == 2
    assert len(give(hits(*sentences), Looking(limit=5, most_tokens=11))) == 2
    assert len(give(hits(*sentences), Looking(limit=5, most_tokens=1))) == 1
    assert give(hits(*sentences, relevance=0.4), Looking(least=0.5)) == []
