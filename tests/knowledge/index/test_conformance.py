"""Every index finds what the plain answer finds: the embedded one on both databases, pgvector's on PostgreSQL."""

import numpy as np
import pytest

from flowbuilder.knowledge.index import drop_index, index_of
from flowbuilder.knowledge.models import Document, IndexChange, KnowledgeBase, Passage
from tests.knowledge.index.conftest import DIMENSIONS, Plain

pytestmark = [pytest.mark.django_db]
WORDS = "parcel courier scan depot route locker return 包裹 状态 快递 parcel-id naïve ß 🚚 O'Neil %_".split()


@pytest.fixture
def index(base, kind):
    return index_of(base)


def same(found, expected, tolerance=2e-3):
    """The same scores; the same passages where no two are equally good."""
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=tolerance)
    clear = {round(score, 4) for _, score in expected}
    if len(clear) == len(expected) and tolerance < 1e-6:
        assert [pk for pk, _ in found] == [pk for pk, _ in expected]


def agree(index, base, random, *, allowed=None, limit=8):
    """With the plain answer, for a question of each kind."""
    plain = Plain(base)
    assert index.catch_up() and index.count() == len(plain.rows)
    vector = random.standard_normal(DIMENSIONS).astype(np.float32)
    same(index.nearest(vector, limit, allowed), plain.nearest(vector, limit, allowed))
    asked = [str(word) for word in random.choice(WORDS, 3)]
    same(index.matching(asked, limit, allowed), plain.matching(asked, limit, allowed), 1e-9)


def some(random, count, *, centres=6):
    around = random.standard_normal((centres, DIMENSIONS))
    return [
        (
            [str(word) for word in random.choice(WORDS, random.integers(1, 12))],
            around[random.integers(centres)] + 0.4 * random.standard_normal(DIMENSIONS),
        )
        for _ in range(count)
    ]


@pytest.fixture
def random():
    return np.random.default_rng(4)


def test_an_empty_base_has_nothing(index):
    assert index.catch_up() and index.count() == 0
    assert index.nearest(np.ones(DIMENSIONS, dtype=np.float32), 5) == []
    assert index.matching(["parcel"], 5) == []


def test_put_replace_and_remove(index, rows, base, random):
    first, second, third = rows.put_all(some(random, 3))
    agree(index, base, random)
    rows.change(first, words=["locker"], vector=random.standard_normal(DIMENSIONS))
    agree(index, base, random)
    rows.delete(second)
    agree(index, base, random)
    rows.change(third, enabled=False)
    agree(index, base, random)
    rows.change(third, enabled=True)
    agree(index, base, random)


def test_a_document_switched_off_or_deleted_is_found_no_more(index, rows, base, random):
    ids = rows.put_all(some(random, 5))
    assert index.catch_up() and index.count() == 5
    Document.objects.filter(pk=rows.document.pk).update(enabled=False)
    for passage_id in ids:
        rows.change(passage_id)
    agree(index, base, random)
    assert index.count() == 0


def test_passages_without_a_vector_or_words_are_found_by_the_other(index, rows, base, random):
    by_words = rows.put(["parcel"])
    by_vector = rows.put([], np.ones(DIMENSIONS))
    index.catch_up()
    assert [pk for pk, _ in index.matching(["parcel"], 5)] == [by_words]
    assert [pk for pk, _ in index.nearest(np.ones(DIMENSIONS, dtype=np.float32), 5)] == [by_vector]
    agree(index, base, random)


def test_vectors_of_another_length_are_left_out(index, rows):
    rows.put(["parcel"], np.ones(DIMENSIONS))
    other = rows.put(["parcel"], np.ones(3))
    index.catch_up()
    assert other not in dict(index.nearest(np.ones(DIMENSIONS, dtype=np.float32), 5))
    assert other in dict(index.matching(["parcel"], 5))


def test_a_question_of_another_length_is_refused(index, rows):
    rows.put(["parcel"], np.ones(DIMENSIONS))
    index.catch_up()
    with pytest.raises(ValueError, match="3 dimensions"):
        index.nearest(np.ones(3, dtype=np.float32), 5)


@pytest.mark.parametrize("word", WORDS)
def test_words_of_every_script(index, rows, word):
    rows.put(["other"])
    found = rows.put([word, "other"])
    index.catch_up()
    assert [pk for pk, _ in index.matching([word], 5)] == [found]


def test_equally_good_ones_go_by_their_ids(index, rows):
    ids = rows.put_all([(["parcel", "scan"], np.ones(DIMENSIONS))] * 30)
    index.catch_up()
    assert [pk for pk, _ in index.nearest(np.ones(DIMENSIONS, dtype=np.float32), 5)] == ids[:5]
    assert [pk for pk, _ in index.matching(["scan"], 5)] == ids[:5]


@pytest.mark.parametrize("share", [0, 0.01, 0.1, 0.5, 0.9, 1])
def test_filters_of_every_selectivity(index, rows, base, random, share):
    ids = rows.put_all(some(random, 600))
    kept = {int(each) for each in random.choice(ids, int(share * len(ids)), replace=False)}
    agree(index, base, random, allowed=kept | {10**12})


def test_words_that_nothing_has(index, rows):
    rows.put(["parcel"])
    index.catch_up()
    assert index.matching(["nothing", "at", "all"], 5) == [] == index.matching([], 5)


def test_bases_are_apart(index, rows, base, asker, random):
    from flowbuilder.knowledge import services

    other = services.create_base(asker=asker, name="Other")
    rows.put_all(some(random, 5))
    index.catch_up()
    assert index_of(other).catch_up() and index_of(other).count() == 0


def test_a_gap_in_the_changes_makes_it_anew(index, rows, base, random):
    rows.put_all(some(random, 5))
    index.catch_up()
    gone = rows.put(["locker"])
    rows.put(["depot"])
    IndexChange.objects.filter(base=base).exclude(pk=IndexChange.objects.latest("pk").pk).delete()
    agree(index, base, random)
    assert gone in dict(index.matching(["locker"], 20))


def test_another_embedder_makes_it_anew(index, rows, base, random):
    rows.put_all(some(random, 5))
    index.catch_up()
    assert index.embedder == ""
    vector = np.ones(24)
    for row in Passage.objects.filter(base=base):
        Passage.objects.filter(pk=row.pk).update(vector=vector.astype(np.float16).tobytes())
    KnowledgeBase.objects.filter(pk=base.pk).update(embedder="other")
    assert index.catch_up() and index.embedder == "other"
    assert len(index.nearest(vector.astype(np.float32), 9)) == 5


def test_dropped_and_made_again(index, rows, base, random):
    rows.put_all(some(random, 20))
    agree(index, base, random)
    drop_index(base.pk)
    agree(index_of(base), base, random)


def test_without_patience_it_says_that_it_is_behind(index, rows, random):
    rows.put_all(some(random, 20))
    assert index.catch_up(patience=-1) is False
    assert index.catch_up() is True
