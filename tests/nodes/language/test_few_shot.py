import json

import pytest
from pydantic import ValidationError

from nodes.base import NodeError
from nodes.language.few_shot import FewShot, marginally_relevant
from nodes.types import Demonstrations
from tests.nodes.conftest import FakeEmbedding

PAIRS = [("one van", "1"), ("two vans", "2"), ("a boat", "b"), ("many boats", "B")]
LINES = "\n".join(json.dumps({"prompt": prompt, "completion": answer}) for prompt, answer in PAIRS)


class Letters(FakeEmbedding):
    """Alike are texts that share 'van' or 'boat'."""

    async def vectors(self, texts):
        return [[1.0, 0.0] if "van" in text else [0.0, 1.0] for text in texts]


async def test_the_nearest_are_picked_the_most_alike_last(make_context):
    chosen = await FewShot(examples=LINES, count=2, variety=0).run(
        make_context(embedding=Letters()), "a big boat"
    )
    assert chosen.out == "Question: many boats\nAnswer: B\n\nQuestion: a boat\nAnswer: b"
    assert [(message.role, message.content) for message in chosen.messages.items][-2:] == [
        ("user", "a boat"),
        ("assistant", "b"),
    ]


def test_variety_picks_what_says_something_else():
    known = [[1.0, 0.0], [0.995, 0.0999], [0.6, 0.8]]
    assert marginally_relevant([1.0, 0.0], known, 2, 0) == [0, 1]
    assert marginally_relevant([1.0, 0.0], known, 2, 0.7) == [0, 2]


async def test_examples_of_a_dataset_come_in_by_wire_and_order_needs_no_embedder(make_context):
    examples = [
        {
            "messages": [
                {"role": "system", "content": "s"},
                {"role": "user", "content": "q {answer}"},
                {"role": "assistant", "content": "a"},
            ]
        }
    ]
    wired = Demonstrations.model_validate({"examples": examples})
    chosen = await FewShot(by="order", count=5).run(make_context(), "x", wired)
    assert chosen.out == "Question: q {answer}\nAnswer: a"
    assert [message.role for message in chosen.messages.items] == ["user", "assistant"]


async def test_without_examples_it_says_where_they_come_from(make_context):
    with pytest.raises(NodeError, match="'demonstrations'"):
        await FewShot(by="order").run(make_context(), "x")


@pytest.mark.parametrize(
    ("line", "why"), [("{", "line 2 is not JSON"), ('{"prompt": "x"}', "line 2: .*completion")]
)
def test_a_bad_line_is_named(line, why):
    with pytest.raises(ValidationError, match=why):
        FewShot(examples=f"{LINES.splitlines()[0]}\n{line}")
