"""Headings that a question names."""

import pytest

from flowbuilder.knowledge.retrieval.titles import named

ENGLISH = {
    1: "Protocol › Records › vehicle record",
    2: "Protocol › Records › vehicle_position record",
    3: "Protocol › Limits",
    4: "Protocol › customer_contact record",
    5: "Protocol › customer record",
}
CHINESE = {1: "协议 › 包裹记录 parcel", 2: "协议 › 包裹面单记录 parcel_label", 3: "协议 › 时间"}


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Make a vehicle record.", {1}),
        ("Two vehicle records, please", {1}),
        ("Make a vehicle position record.", {2}),
        ("vehicle_position record", {2}),
        ("Make a customer contact record.", {4}),
        ("Which limits are there?", set()),
        ("What drives?", set()),
    ],
)
def test_a_title_is_named_with_each_of_its_words(question, found):
    assert named(question, ENGLISH) == found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("生成一条包裹记录。", {1}),
        ("包裹面单记录要有哪些字段？", {2}),
        ("parcel label 有什么时间？", set()),
    ],
)
def test_of_a_title_in_two_languages_the_questions_words_count(question, found):
    assert named(question, CHINESE) == found
