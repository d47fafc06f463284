"""Cleaning takes out what it says, and every place still knows where it stood."""

from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.knowledge.splitting import SplitSettings, split
from flowbuilder.knowledge.splitting.cleaning import RULES, Cleaned, clean


@given(
    st.text(alphabet="ab", max_size=40),
    st.lists(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6), st.sampled_from(["", "X", "YY"])))),
)
def test_what_stays_knows_where_it_stood(text, rounds):
    found = Cleaned(text)
    for changes in rounds:
        size = len(found.text)
        found = found.changed(sorted((min(a, size), min(a + n, size), new) for a, n, new in changes))
    for place, letter in enumerate(found.text):
        if letter in "ab":
            assert text[found.origin(place)] == letter


@given(st.text(alphabet="ab  \n\u3000Ａ１。\f.|#-", max_size=300), st.sets(st.sampled_from(list(RULES))))
def test_places_only_grow(text, rules):
    found = clean(text, rules)
    origins = [found.origin(place) for place, letter in enumerate(found.text) if not letter.isspace()]
    assert origins == sorted(origins) and all(0 <= place < len(text) for place in origins)


def test_links_and_addresses_are_taken_out():
    text = "请看 https://example.test/a?b=c，或写信给 someone@example.test。"
    assert clean(text, ["urls", "emails"]).text == "请看 ，或写信给 。"


def test_full_width_letters_become_plain_but_marks_stay():
    assert clean("ＡＢ１２　重量，", ["full_width"]).text == "AB12 重量，"


def test_spaces_are_collapsed_but_lines_stay():
    assert clean("a   b\n\n\n\n  - c", ["spaces"]).text == "a b\n\n  - c"


PAGES = [
    f"Delivery protocol\nPage {n} of 4\n\nWhat part {n} says in line one.\nLine two\n\nConfidential"
    for n in range(1, 5)
]


def test_running_heads_of_pages_are_taken_out():
    text = clean("\n\n\f\n\n".join(PAGES), ["running_heads"]).text
    assert "Confidential" not in text and "Page 2" not in text and "Delivery" not in text
    assert all(f"What part {n} says" in text for n in range(1, 5))


def test_what_recurs_inside_pages_stays():
    pages = ["\n".join([f"intro {n}a", "b", "c", "- id: string", f"x{n}x", "y", "z"]) for n in range(4)]
    pages = [page.replace("b", f"b{chr(97 + n) * 3}") for n, page in enumerate(pages)]
    assert clean("\f".join(pages), ["running_heads"]).text.count("- id: string") == 4


def test_a_sentence_that_runs_over_a_page_is_whole():
    assert (
        clean("a sentence that\n\n\f\n\nruns on. End.\n\f\nNew", []).text
        == "a sentence that runs on. End.\n\nNew"
    )
    assert clean("包裹\n\f\n重量。", []).text == "包裹重量。"


def test_pieces_of_a_cleaned_text_stand_where_they_stood():
    text = "See https://example.test/x now.  Then   go."
    (piece,) = split(text, SplitSettings(cleaning=("urls", "spaces")))
    assert piece.text == "See now. Then go." and (piece.start, piece.end) == (0, len(text))
