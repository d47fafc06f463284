"""Figures of a confusion against a case worked by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.training.recipes.classifier import Text, divided_by_label, label_weights
from flowbuilder.training.recipes.confusion import Confusion

# Three of a (one taken for b), one b, no c; a c that was said of nothing.
PAIRS = [(0, 0), (0, 0), (0, 1), (1, 1)]


def test_a_case_worked_by_hand():
    confusion = Confusion("abc", PAIRS)
    assert confusion.counts == [[2, 1, 0], [0, 1, 0], [0, 0, 0]]
    assert confusion.accuracy == 0.75
    a, b, c = confusion.by_label()
    assert (a["precision"], a["recall"], a["texts"]) == (1.0, pytest.approx(2 / 3), 3)
    assert (b["precision"], b["recall"]) == (0.5, 1.0) and c["f1"] == 0
    assert confusion.macro_f1 == pytest.approx((0.8 + 2 / 3) / 2)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=40))
def test_figures_are_shares_and_all_pairs_are_counted(pairs):
    confusion = Confusion("abc", pairs)
    assert sum(map(sum, confusion.counts)) == len(pairs)
    assert 0 <= confusion.macro_f1 <= 1 and 0 <= confusion.accuracy <= 1


@given(st.lists(st.integers(0, 3), min_size=1, max_size=40), st.floats(0, 0.5))
def test_each_label_is_divided_by_itself(labels, share):
    texts = [Text(str(at), [at], label) for at, label in enumerate(labels)]
    kept, aside = divided_by_label(texts, share, 0)
    assert sorted(kept + aside) == sorted(texts)
    assert {text.label for text in kept} == set(labels)
    for label in set(labels):
        there = labels.count(label)
        assert abs(sum(text.label == label for text in aside) - share * there) <= 0.5 or there == 1


@given(st.lists(st.integers(0, 3), min_size=1, max_size=40))
def test_labels_weigh_alike_and_a_text_one_on_average(labels):
    weights = label_weights(labels, 4, balanced=True)
    assert sum(float(weights[label]) for label in labels) == pytest.approx(len(labels), rel=1e-5)
    shares = [float(weights[label]) * labels.count(label) for label in set(labels)]
    assert shares == pytest.approx([shares[0]] * len(shares), rel=1e-5)
