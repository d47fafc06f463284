import asyncio

import pytest
from flowbuilder_word_count.count import CountWords


@pytest.mark.parametrize(
    ("text", "least", "count"),
    [
        ("", 1, "0"),
        ("It's a well-known fact.", 1, "4"),
        ("It's a well-known fact.", 4, "3"),
        ("größer – kleiner", 1, "2"),
    ],
)
def test_words_are_counted(text, least, count):
    assert asyncio.run(CountWords(least=least).run(text)) == count
