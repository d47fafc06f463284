"""Splitting loses nothing and cuts at sentence ends, in Chinese too."""

from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.knowledge.splitting import split

SENTENCES = st.lists(
    st.text(alphabet="abcdefgh 包裹状态", min_size=1, max_size=60).map(lambda text: text.strip() or "x"),
    min_size=1,
    max_size=60,
)


@given(SENTENCES, st.sampled_from(["。", ". ", "！", "? "]))
def test_no_sentence_is_lost_or_cut(sentences, mark):
    text = "".join(f"{sentence}{mark}" for sentence in sentences)
    pieces = split(text, target=120, overlap=30)
    joined = "\n".join(piece.text for piece in pieces)
    assert all(sentence in joined for sentence in sentences)
    assert all(piece.text.rstrip().endswith(mark.strip()) for piece in pieces)
    assert all(len(piece.text) <= 120 + 30 for piece in pieces)


def test_headings_stay_with_their_text():
    pieces = split("# Protocol\n\nIntro.\n\n## Parcel\n\n- id: string\n\n## Route\n\n- stops: integer\n")
    assert [piece.heading for piece in pieces] == ["Protocol", "Protocol › Parcel", "Protocol › Route"]
    assert "- id: string" in pieces[1].text


def test_a_hash_in_a_code_block_is_no_heading():
    assert len(split("# A\n\n```\n# not a heading\n```\n")) == 1
