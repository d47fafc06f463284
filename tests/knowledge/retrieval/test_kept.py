"""When two questions mean the same: by what they are about, what they ask for, and what they say."""

from collections import Counter

import pytest

from flowbuilder.knowledge.retrieval.asked_for import kind_of
from flowbuilder.knowledge.retrieval.kept import Question, sureness
from flowbuilder.knowledge.retrieval.rarity import Rarity, count
from flowbuilder.knowledge.words import terms


@pytest.mark.parametrize(
    ("kind", "questions"),
    [
        ("meaning", ["什么是包裹记录？", "包裹记录的保存期限是什么？"]),
        ("person", ["Who may delete it?", "谁可以删除包裹记录？"]),
        (
            "time",
            ["How long is it kept?", "Please tell when it is sent", "包裹记录保存多久？", "什么时候发送？"],
        ),
        ("place", ["Where is it kept?", "它存在哪里？"]),
        ("reason", ["Why was it refused?", "为什么被拒收？"]),
        ("amount", ["How many are sent a day?", "最多可以有几条？"]),
        ("manner", ["How do I correct it?", "怎么改？"]),
        ("whether", ["Is it required?", "Can a parcel be lost?", "它是必填的吗？"]),
        (
            "order",
            [
                "Make a parcel record.",
                "Please give me one record of a depot",
                "I need a van.",
                "我需要一条仓库记录。",
                "生成一条仓库记录。",
            ],
        ),
        (
            "thing",
            [
                "What does a depot record need?",
                "Tell me which fields are needed when it is late.",
                "Can you tell me what it needs?",
                "包裹记录需要什么？",
                "包裹记录",
            ],
        ),
    ],
)
def test_what_is_asked_for(kind, questions):
    assert {question: kind_of(question) for question in questions} == dict.fromkeys(questions, kind)


NAMES = ("包裹", "仓库", "快递员", "储物柜", "发票", "路线", "车辆", "扫描仪")


@pytest.fixture(scope="module")
def chinese() -> Rarity:
    rows = [
        (f"协议 › {name}记录", terms(f"{name}记录 {name}记录包含以下字段：编号、时间。")) for name in NAMES
    ]
    return count([*rows, ("协议 › 规则", terms("删除需要权限，格式是文本。"))])


def sure(rarity, asked, kept, cosine=None):
    return sureness(Question.of(asked, rarity), Question.of(kept, rarity), cosine)


@pytest.mark.parametrize(
    "asked", ["仓库记录要有哪些字段？", "请告诉我仓库记录的必填字段。", "仓库记录需要填哪些内容？"]
)
def test_words_that_everybody_asks_with_make_no_other_question(chinese, asked):
    assert sure(chinese, asked, "仓库记录需要什么？") > 0.5


@pytest.mark.parametrize(
    "asked",
    [
        "包裹记录需要什么？",
        "谁可以删除仓库记录？",
        "仓库记录保存多久？",
        "删除仓库记录需要什么权限？",
        "仓库记录用什么格式发送？",
    ],
)
def test_another_thing_or_another_kind_or_something_more_said_is_another_question(chinese, asked):
    assert sure(chinese, asked, "仓库记录需要什么？") < 0.5


def test_what_meaning_finds_near_is_another_question_where_it_asks_for_another_kind(chinese):
    near = ("Which fields has a depot record?", "What does a depot record need?", 0.9)
    assert sure(chinese, *near) > 0.9
    assert sure(chinese, "Who may see a depot record?", *near[1:]) == 0.0


@pytest.mark.parametrize("asked", ["I need a depot record.", "Please give me one record of a depot"])
def test_an_order_in_other_words_is_the_same_order_and_no_question(chinese, asked):
    assert sure(chinese, asked, "Make a depot record.", 0.7) > 0.5
    assert sure(chinese, "What does a depot record need?", "Make a depot record.", 0.9) == 0.0
    assert sure(chinese, "给我一条仓库记录", "生成一条仓库记录。") > 0.5
    assert sure(chinese, "删除一条仓库记录", "生成一条仓库记录。") < 0.5


def test_a_subject_is_the_nearest_title_whatever_the_order():
    titles = tuple(map(frozenset, (["vehicle", "record"], ["vehicle", "position", "record"], ["limit"])))
    holding = Counter({"vehicle": 2, "position": 1, "record": 5, "limit": 1})
    for order in (titles, titles[::-1]):
        rarity = Rarity(10, holding, holding, 10, order)
        assert rarity.subject(frozenset({"vehicle", "record", "needs"})) == titles[0]
        assert rarity.subject(frozenset({"vehicle", "position"})) == titles[1]
        assert rarity.subject(frozenset({"nothing"})) is None


def test_a_kept_question_is_read_once_for_each_state_of_its_base(chinese):
    read = []

    def reader(text, rarity):
        read.append((text, rarity))
        return len(read)

    assert [chinese.remembered("问", reader) for _ in range(3)] == [1, 1, 1] and len(read) == 1
    assert count([("a › b", ["c"])]).remembered("问", reader) == 2
