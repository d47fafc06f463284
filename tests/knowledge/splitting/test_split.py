"""What holds for every text and every setting: nothing is lost, spans are right, the order stays, no piece is too long."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from flowbuilder.knowledge.splitting import SplitFailed, SplitSettings, split

LINES = st.one_of(
    st.sampled_from(
        [
            "# Parcel",
            "## Fields",
            "#### Deep",
            "",
            "",
            "| field | type |",
            "| --- | --- |",
            "| weight_kg | number |",
            "- id: string",
            "1. first",
            "```",
            "第一章 总则",
            "包裹记录包含以下字段。状态是必填的！",
            "A parcel has a weight. It is sent, e.g. by van.",
            "It has these fields:",
            "包含以下字段：",
        ]
    ),
    st.text(alphabet="ab .,;。，！\t字", max_size=80),
)
TEXTS = st.lists(LINES, max_size=40).map("\n".join)
METHODS = st.builds(
    dict,
    method=st.sampled_from(["automatic", "heading", "delimiter", "sentence"]),
    unit=st.sampled_from(["characters", "tokens"]),
    length=st.integers(20, 120),
    overlap=st.integers(0, 10),
    level=st.integers(1, 6),
    delimiter=st.sampled_from([r"\n\n", "。"]),
    keep_delimiter=st.just(True),
    parents=st.sampled_from(["none", "section", "length", "document"]),
    parent_length=st.integers(130, 300),
    cleaning=st.just(()),
).map(lambda fields: SplitSettings(**fields))


def letters(text):
    return "".join(text.split())


@settings(max_examples=150)
@given(TEXTS, METHODS)
def test_no_text_is_lost_and_spans_are_right(text, chosen):
    pieces = [piece for piece in split(text, chosen) if not piece.is_parent]
    covered = set()
    for piece in pieces:
        assert piece.text.endswith(text[piece.start : piece.end]) or "\f" in text
        covered.update(range(piece.start, piece.end))
    lost = "".join(
        letter for place, letter in enumerate(text) if place not in covered and not letter.isspace()
    )
    header = letters("| field | type || --- | --- |")
    # The sentence method repeats a table's header above each row, and so has none by itself.
    assert lost == "" or (chosen.method == "sentence" and not lost.replace("|field|type|", "").strip("|- "))
    assert header or lost == ""


@settings(max_examples=150)
@given(TEXTS, METHODS)
def test_pieces_are_in_order_and_no_longer_than_asked(text, chosen):
    pieces = split(text, chosen)
    found = [piece for piece in pieces if not piece.is_parent]
    assert [piece.start for piece in found] == sorted(piece.start for piece in found)
    if chosen.unit == "characters":
        for piece in found:
            assert piece.end - piece.start <= chosen.length


@settings(max_examples=100)
@given(TEXTS, METHODS)
def test_children_stand_in_their_parents(text, chosen):
    pieces = split(text, chosen)
    for place, piece in enumerate(pieces):
        if piece.parent is not None:
            parent = pieces[piece.parent]
            assert parent.is_parent and piece.parent < place
            assert parent.start <= piece.start and piece.end <= parent.end
    assert chosen.parents == "none" or all(piece.parent is not None or piece.is_parent for piece in pieces)


LED_INTO = st.sampled_from(
    ["- weight: number", "| field | type |\n| --- | --- |\n| id | text |", "```\n{}\n```"]
)


@settings(max_examples=150)
@given(
    st.text(alphabet="ab .。", max_size=200),
    st.sampled_from(["It has these fields:", "包含以下字段："]),
    st.lists(LED_INTO, min_size=1, max_size=8).map("\n".join),
    st.integers(60, 200),
)
def test_what_leads_into_a_list_stands_with_its_beginning(before, lead, led, length):
    text = f"{before}\n\n{lead}\n\n{led}\n"
    pieces = split(text, SplitSettings(unit="characters", length=length, overlap=0, cleaning=()))
    (found,) = [piece for piece in pieces if lead in piece.text]
    assert not found.text.endswith(lead)


def test_a_lead_in_goes_with_its_whole_list_where_both_fit():
    told = "A parcel is one item on its way from a sender to a recipient. It is weighed at the first depot. "
    fields = "".join(f"- field_{number}: number\n" for number in range(8))
    for lead in ("The record has these fields:", "该记录**包含以下字段：**"):
        pieces = split(
            f"## Parcel\n\n{told}{lead}\n\n{fields}", SplitSettings(unit="characters", length=220, overlap=0)
        )
        assert [piece.text.strip().split("\n")[0] for piece in pieces] == ["## Parcel", lead]
        assert pieces[1].text.count("- field_") == 8


SENTENCES = st.lists(
    st.text(alphabet="abcdefgh 包裹状态", min_size=1, max_size=60).map(lambda text: text.strip() or "x"),
    min_size=1,
    max_size=60,
)


@given(SENTENCES, st.sampled_from(["。", ". ", "！", "? "]))
def test_no_sentence_is_cut_where_it_fits(sentences, mark):
    chosen = SplitSettings(unit="characters", length=120, overlap=30)
    pieces = split("".join(f"wo{sentence}rd{mark}" for sentence in sentences), chosen)
    assert all(piece.text.endswith(mark.strip()) for piece in pieces)


def test_headings_stay_with_their_text():
    pieces = split("# Protocol\n\nIntro.\n\n## Parcel\n\n- id: string\n\n## Route\n\n- stops: integer\n")
    assert [piece.heading for piece in pieces] == ["Protocol", "Protocol › Parcel", "Protocol › Route"]
    assert "- id: string" in pieces[1].text


def test_a_heading_without_text_goes_with_what_follows():
    (piece,) = split("# Protocol\n\n## Parcel\n\nA parcel.\n")
    assert piece.heading == "Protocol › Parcel" and piece.text.startswith("# Protocol")


def test_a_hash_in_a_code_block_is_no_heading():
    assert len(split("# A\n\n```\n# not a heading\n```\n")) == 1


def test_chapters_of_a_chinese_text_are_headings():
    pieces = split("第一章 总则\n本协议适用于数据中心。\n第一节 包裹\n包裹有重量。\n第二章 附则\n完。\n")
    assert [piece.heading for piece in pieces] == ["第一章 总则", "第一章 总则 › 第一节 包裹", "第二章 附则"]


def test_a_long_table_is_split_between_rows_and_repeats_its_header():
    rows = "".join(f"| field_{number} | number | 重量 {number} |\n" for number in range(100))
    text = f"## Fields\n\n| name | type | says |\n| --- | --- | --- |\n{rows}\nThe end."
    pieces = split(text, SplitSettings(unit="characters", length=400, overlap=0))
    assert len(pieces) > 5
    for piece in pieces:
        assert "| name | type | says |\n| --- | --- | --- |" in piece.text
        assert len(piece.text) <= 400 and all(line.count("|") in {0, 4} for line in piece.text.splitlines())
    assert sum(piece.text.count("| field_") for piece in pieces) == 100


def test_lengths_are_in_tokens_of_the_embedder():
    pieces = split("the parcel is weighed and sent on its way. " * 200, SplitSettings(length=50, overlap=0))
    assert {len(piece.text.split()) for piece in pieces[:-1]} == {45}


def test_overlap_is_whole_sentences():
    text = "".join(f"Sentence number {number} stands here. " for number in range(20))
    pieces = split(text, SplitSettings(unit="characters", length=100, overlap=40))
    for before, after in zip(pieces, pieces[1:], strict=False):
        assert after.start < before.end and before.text.endswith(after.text.split(".")[0] + ".")


@pytest.mark.parametrize(
    ("delimiter", "pattern", "keep", "pieces"),
    [
        ("###", False, False, ["one", "two"]),
        ("###", False, True, ["one", "### two"]),
        (r"^#+", True, False, ["one", "two"]),
        (r"\n", False, False, ["one", "### two"]),
    ],
)
def test_delimiters(delimiter, pattern, keep, pieces):
    chosen = SplitSettings(method="delimiter", delimiter=delimiter, pattern=pattern, keep_delimiter=keep)
    assert [piece.text for piece in split("one\n### two", chosen)] == pieces


def test_a_pattern_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr("flowbuilder.knowledge.splitting.delimiters.SECONDS", 0.2)
    chosen = SplitSettings(method="delimiter", delimiter=r"(a|aa)+$", pattern=True)
    with pytest.raises(SplitFailed, match="took longer"):
        split("a" * 60 + "b", chosen)


def test_by_heading_deeper_ones_stay_inside():
    chosen = SplitSettings(method="heading", level=1, overlap=0)
    pieces = split("# A\n\nx\n\n## B\n\ny\n\n# C\n\nz", chosen)
    assert [piece.text for piece in pieces] == ["# A\n\nx\n\n## B\n\ny", "# C\n\nz"]


def test_a_passage_does_not_end_with_a_heading():
    text = "# A\n\n" + "word " * 30 + "\n\n## B\n\n" + "more " * 30
    pieces = split(text, SplitSettings(method="heading", level=1, length=40, overlap=0))
    assert not any(piece.text.splitlines()[-1].startswith("#") for piece in pieces)


def test_sentences_one_by_one():
    chosen = SplitSettings(method="sentence")
    pieces = split(
        "# P\n\nOne here. Two, e.g. this! 三。四？\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n", chosen
    )
    assert [piece.text for piece in pieces] == [
        "# P\n\nOne here.",
        "Two, e.g. this!",
        "三。",
        "四？",
        "| a | b |\n| --- | --- |\n| 1 | 2 |",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "| Question | Answer |\n| --- | --- |\n| How heavy? | 2 kg |\n| How far? | 3 km |\n",
        "| id | 问题 | 答案 |\n| --- | --- | --- |\n| 1 | How heavy? | 2 kg |\n| 2 | How far? | 3 km |\n",
        "Q: How heavy?\nA: 2 kg\n\nQ: How far?\nA: 3 km\n",
        "问：How heavy?\n答：2 kg\n问：How far?\n答：3 km",
        "**Q1:** How heavy?\n**A1:** 2 kg\n\n**Q2:** How far?\n\n**A2:** 3 km\n",
    ],
)
def test_questions_and_answers(text):
    pieces = split(text, SplitSettings(method="questions"))
    assert [(piece.question, piece.text) for piece in pieces] == [
        ("How heavy?", "2 kg"),
        ("How far?", "3 km"),
    ]
    assert all("How" in text[piece.start : piece.end] for piece in pieces)


def test_what_stands_between_pairs_is_kept():
    text = "# FAQ\n\nAsk us anything.\n\nQ: How heavy?\nA: 2 kg\nor less\n"
    pieces = split(text, SplitSettings(method="questions"))
    assert [(piece.question, piece.text) for piece in pieces] == [
        ("", "# FAQ\n\nAsk us anything."),
        ("How heavy?", "2 kg\nor less"),
    ]


def test_a_document_without_questions_is_refused():
    with pytest.raises(SplitFailed, match="No questions and answers were found"):
        split("Just text.", SplitSettings(method="questions"))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"length": 100, "overlap": 60}, "half of the length"),
        ({"parents": "length", "length": 500, "parent_length": 400}, "must be longer"),
        ({"method": "delimiter", "delimiter": "(", "pattern": True}, "is no pattern"),
        ({"lenght": 100}, "lenght"),
    ],
)
def test_settings_that_do_not_fit_are_named(fields, why):
    with pytest.raises(ValidationError, match=why):
        SplitSettings(**fields)
