"""The latent space of a base: fitted, kept, caught up, forgotten."""

import numpy as np
import pytest

from flowbuilder.knowledge.changes import note
from flowbuilder.knowledge.models import Passage
from flowbuilder.knowledge.retrieval import lsa
from flowbuilder.knowledge.words import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_home(settings, tmp_path):
    settings.HOME_DIR = tmp_path


def test_it_finds_what_shares_words_and_what_stands_beside_them(base, chinese):
    assert lsa.space_of(base.pk) is None and lsa.fit(base.pk)
    ranked = lsa.space_of(base.pk).nearest(words("发票的编号"), 3)
    assert ranked[0][0] == chinese[4].pk and ranked[0][1] > ranked[1][1]
    assert [passage for passage, _ in lsa.space_of(base.pk).nearest(words("发票"), 3, {chinese[0].pk})] in (
        [],
        [chinese[0].pk],
    )


def test_words_that_it_does_not_know_find_nothing(base, chinese):
    lsa.fit(base.pk)
    assert lsa.space_of(base.pk).nearest(["unheard"], 3) == []


def test_the_file_holds_no_code(base, chinese):
    lsa.fit(base.pk)
    (path,) = lsa.folder().iterdir()
    with np.load(path, allow_pickle=False) as kept:
        assert {kept[name].dtype.kind for name in kept.files} <= set("uif")


def test_a_changed_passage_is_folded_in(base, chinese):
    lsa.fit(base.pk)
    Passage.objects.filter(pk=chinese[0].pk).update(words=words("发票 发票 编号"))
    Passage.objects.filter(pk=chinese[4].pk).update(words=words("包裹"))
    note(base, [chinese[0].pk, chinese[4].pk])
    assert lsa.space_of(base.pk).nearest(words("发票"), 1)[0][0] == chinese[0].pk


def test_it_is_behind_when_a_tenth_has_changed(base, chinese, monkeypatch):
    monkeypatch.setattr(lsa, "FEW", 1)
    assert lsa.is_behind(base)
    lsa.fit(base.pk)
    assert not lsa.is_behind(base)
    note(base, [chinese[0].pk])
    assert not lsa.is_behind(base)
    note(base, [chinese[1].pk])
    assert lsa.is_behind(base)


def test_too_few_passages_have_none(base, write):
    write("a.md", ("", "one"))
    assert not lsa.is_behind(base) and not lsa.fit(base.pk)


def test_a_base_that_is_gone_leaves_no_file(base, chinese):
    lsa.fit(base.pk)
    base.delete()
    lsa.sweep()
    assert not list(lsa.folder().iterdir())
