import pytest
from pydantic import ValidationError

from nodes.reward.pairs import PreferencePairs


async def test_lines_become_pairs():
    node = PreferencePairs(
        pairs='{"prompt": "a", "chosen": "b", "rejected": "c"}\n\n{"prompt": "d", "chosen": "e", "rejected": "f"}\n'
    )
    found = await node.run()
    assert [(pair.prompt, pair.chosen, pair.rejected) for pair in found.pairs] == [
        ("a", "b", "c"),
        ("d", "e", "f"),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "there are no pairs"),
        ('{"prompt": "a", "chosen": "b", "rejected": "c"}\nx', "line 2 is not JSON"),
        ('{"prompt": "a", "chosen": "b"}', "line 1: 'rejected'"),
        ('{"prompt": "a", "chosen": "b", "rejected": "b"}', "the same"),
    ],
)
def test_a_bad_line_is_named(text, why):
    with pytest.raises(ValidationError, match=why):
        PreferencePairs(pairs=text)
