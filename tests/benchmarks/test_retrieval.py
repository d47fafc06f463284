"""The retrieval benchmark's own judgements: what is right, what is whole, what is asked."""

import pytest

from benchmarks.retrieval.chunking import Chunk, ends_in_mid_sentence, flushed_lines
from benchmarks.retrieval.measures import figures
from benchmarks.retrieval.ranking import right_of
from benchmarks.retrieval.splitting import HANDED_OVER, fitting
from benchmarks.retrieval.tasks import Question, headings_task, protocol_task

TEXT = "# Title\n\nOne sentence. Another one goes\non here.\n\n- an item\n- its brother\n\n第一句。第二句"


def chunk(start, end, text=TEXT, document="a"):
    return Chunk(document, "", text[start:end], start, end)


@pytest.mark.parametrize(
    ("last", "broken"),
    [
        ("# Title", False),
        ("One sentence.", False),
        ("Another", True),
        ("Another one goes", True),
        ("on here.", False),
        ("- an item", False),
        ("第一句。", False),
        ("第二", True),
        ("第二句", False),
    ],
)
def test_where_a_piece_ends_whole(last, broken):
    assert ends_in_mid_sentence(chunk(0, TEXT.index(last) + len(last)), TEXT) is broken


def test_lines_are_flushed_and_cut_at_eight_hundred():
    pieces = list(flushed_lines("a", "short\n\n" + "x" * 900))
    assert [len(piece.text) for piece in pieces] == [5, 800, 100]
    assert [(piece.start, piece.end) for piece in pieces] == [(0, 5), (7, 807), (807, 907)]


def test_right_is_what_overlaps_in_the_same_document():
    question = Question("?", "a", 10, 20, "fact")
    chunks = [chunk(0, 10), chunk(5, 11), chunk(19, 40), chunk(20, 40), chunk(10, 20, document="b")]
    assert right_of(question, chunks) == {1, 2}


def test_figures_of_a_hand_worked_case():
    # Right is first for one question, third for another, missing for the last.
    found = figures([{7}, {7}, {7}], [[7, 1], [1, 2, 7], [1, 2]])
    assert found[:4] == pytest.approx([1 / 3, 2 / 3, 2 / 3, (1 + 1 / 3) / 3])


def test_what_fits_into_what_is_handed_over():
    chunks = [chunk(0, HANDED_OVER - 1, "x" * HANDED_OVER), chunk(0, 2, "xx"), chunk(0, 1, "x")]
    assert fitting([0, 1, 2], chunks) == [0]
    assert fitting([2, 0, 1], chunks) == [2, 0]


def test_headings_become_questions_without_standing_in_their_sections(tmp_path):
    body = "Some words that are long enough to be found by somebody who asks for exactly this section of it."
    (tmp_path / "a.md").write_text(f"# Install {{#install}}\n\n{body}\n\n## Notes\n\n{body} First.\n")
    (tmp_path / "b.md").write_text(
        f"# Upgrade\n\n{body} Second.\n\n## Notes\n\n{body} Third.\n\n## Short\n\nNo.\n"
    )
    task = headings_task(tmp_path)
    assert [question.text for question in task.questions] == ["Install", "Upgrade"]
    assert len(task.texts) == 4 and not any("#" in text for text in task.texts.values())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_question_of_the_protocol_points_at_its_words(language):
    task = protocol_task(language)
    (text,) = task.texts.values()
    assert len(task.questions) > 500
    assert all(0 < question.start < question.end <= len(text) for question in task.questions)
