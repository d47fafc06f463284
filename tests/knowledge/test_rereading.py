"""A PDF held against its own text: nothing that stands on a page is lost or torn."""

import re
from collections import Counter
from pathlib import Path

import pytest

from flowbuilder.knowledge.loaders import office, pdfium
from flowbuilder.knowledge.loaders.pages import PAGE
from flowbuilder.knowledge.loaders.rereading import whole, without_false_tables

SAMPLE = Path(__file__).parents[2] / "examples" / "protocol"
LINES = 'Example: scan event\n{\n "scale": "SCALE-014",\n "manual": false\n}\nNext'
TORN = (
    "| Example: scan | event |  |\n| --- | --- | --- |\n| { |  |  |\n"
    '| "scale": |  | "SCALe-014", |\n| "manual": | false |  |\n| } |  |  |\n'
)
FILLED = "| Example: scan | event |\n| --- | --- |\n| scale | SCALE-014 |\n| manual | false |\n"


def test_lines_that_were_taken_for_a_table_are_lines_again():
    assert without_false_tables(f"Before.\n\n{TORN}\nAfter.", [(TORN, f"Head\n{LINES}")]) == (
        'Before.\n\nExample: scan event\n{\n "scale": "SCALE-014",\n "manual": false\n}\n\nAfter.'
    )


@pytest.mark.parametrize(("table", "page"), [(FILLED, LINES), (TORN, "Something else entirely")])
def test_a_filled_table_and_one_whose_cells_were_moved_stay(table, page):
    assert without_false_tables(f"Before.\n\n{table}", [(table, page)]) == f"Before.\n\n{table}"


def pages(*texts):
    return f"\n\n{PAGE}\n\n".join(texts)


def test_a_page_that_lost_words_is_given_as_its_text_layer_has_it():
    layer = ["one two three", "four five six seven", "eight 包裹状态"]
    assert whole(pages("# one two three", "four five", "eight 包裹状态"), layer) == pages(
        "# one two three", layer[1], "eight 包裹状态"
    )
    assert whole(pages("one two three", "four five six seven", "eight"), layer).endswith("包裹状态")


def test_a_line_that_was_counted_to_the_page_before_is_not_lost():
    read = pages("one two three four", "five six")
    assert whole(read, ["one two three", "four five six"]) == read
    assert whole(read, ["other pages"]) == read


def words(text):
    return Counter(re.findall(r"[^\W_]+", text))


@pytest.mark.parametrize("name", ["parcel-protocol.pdf", "parcel-protocol.zh.pdf"])
def test_no_word_and_no_heading_of_the_sample_is_lost(name):
    data = (SAMPLE / name).read_bytes()
    read, layer = office.load(data, "pdf"), pdfium.text_layer(data)
    if "zh" not in name:
        assert (words("\n".join(layer)) - words(read)).total() == 0
        # Two pages of examples stand in columns by chance.
        assert "Example: scan event\n" in read and '"SCALE-014"' in read and "| ---" not in read
    letters = Counter(letter for letter in "".join(layer) if letter.isalnum())
    assert (letters - Counter(read)).total() == 0
    assert len(read.split(PAGE)) == len(layer)
