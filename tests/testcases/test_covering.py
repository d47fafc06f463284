"""A hit covers what was expected by its place, or by its words where there is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.testcases.covering import covers
from flowbuilder.testcases.models import ExpectedPassage
from tests.testcases.conftest import DEPOTS, PARCELS

DOCUMENT = "1b671a64-40d5-491e-99b0-da01ff1f3341"
OTHER = "6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b"


def expected(start=None, end=None, quote=DEPOTS, document=DOCUMENT) -> ExpectedPassage:
    return ExpectedPassage(document_id=document, start=start, end=end, quote=quote)


def hit(start=None, end=None, text=DEPOTS, document=DOCUMENT) -> dict:
    return {"document_id": document, "start": start, "end": end, "text": text}


@pytest.mark.parametrize(
    "start, end, covered",
    [(100, 200, True), (0, 150, True), (120, 140, True), (0, 1000, True), (0, 149, False), (200, 300, False)],
)
def test_by_place_half_of_the_shorter_must_be_shared(start, end, covered):
    assert covers(hit(start, end), expected(100, 200)) is covered


def test_the_same_place_of_another_document_is_another_place():
    assert not covers(hit(100, 200, document=OTHER), expected(100, 200))


def test_by_words_where_there_is_no_place():
    assert covers(hit(text=f"Before. {DEPOTS} After."), expected())
    assert not covers(hit(text=PARCELS), expected())
    assert covers(
        hit(100, 200, document=OTHER), expected(100, 200, document=None)
    )  # its document was deleted


@given(st.integers(0, 500), st.integers(1, 500), st.integers(1, 500), st.integers(1, 500))
def test_splitting_again_never_loses_a_passage(start, length, cut, more):
    """Whatever pieces its document is split into, one of them covers it, or it is spread over several."""
    end = start + length
    pieces = [(at, at + cut) for at in range(0, end + more, cut)]
    covering = [piece for piece in pieces if covers(hit(*piece), expected(start, end))]
    inside = [piece for piece in pieces if piece[0] < end and piece[1] > start]
    assert covering and set(covering) <= set(inside)
