"""The estimate is near the truth; near copies are found, and nothing else is."""

import random

import pytest

from flowbuilder.datasets.similar import NEAR, near_duplicates, nearest, signature
from flowbuilder.datasets.splits import normalised

WORDS = "parcel van depot driver ramp gate label crate route stop morning evening scale seal".split()


def text(drawn: random.Random, count: int) -> str:
    return " ".join(drawn.choice(WORDS) + str(drawn.randrange(100)) for _ in range(count))


def jaccard(one: str, other: str) -> float:
    first, second = ({t[i : i + 5] for i in range(len(t) - 4)} for t in (normalised(one), normalised(other)))
    return len(first & second) / len(first | second)


def test_the_estimate_is_near_jaccard_s_index():
    drawn = random.Random(3)
    for changed in (0, 1, 3, 8, 20):
        words = text(drawn, 40).split()
        other = [w if i >= changed else f"new{i}" for i, w in enumerate(words)]
        one, two = " ".join(words), " ".join(other)
        estimate = (signature(one) == signature(two)).mean()
        assert estimate == pytest.approx(jaccard(one, two), abs=0.13)  # three standard errors


def test_near_copies_are_found_and_others_are_not():
    drawn = random.Random(5)
    texts = [text(drawn, 60) for _ in range(200)]
    texts += [texts[3] + "!", texts[7].upper(), texts[9].replace("van", "lorry", 1)]
    assert [(one, other) for one, other, alike in near_duplicates(texts) if alike >= NEAR] == [
        (200, 3), (201, 7), (202, 9),
    ]  # fmt: skip


def test_short_texts_no_texts_and_other_scripts():
    assert near_duplicates([]) == []
    assert near_duplicates(["a", "A ", "b"]) == [(1, 0, 1.0)]
    chinese = "包裹已经在今天早上从仓库出发，预计明天下午送达。"
    assert [
        pair[:2] for pair in near_duplicates([chinese, "别的句子完全不同，没有相似之处。", chinese + "！"])
    ] == [(2, 0)]


def test_the_nearest_of_many():
    drawn = random.Random(1)
    held = [text(drawn, 30) for _ in range(20)]
    signatures = [signature(each) for each in held]
    assert nearest(held[4].upper(), signatures) == 1.0 > NEAR > nearest(text(drawn, 30), signatures)
    assert nearest("a", []) == 0.0
