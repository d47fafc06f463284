import pytest

from nodes.base import NodeError
from nodes.science.next_token import NextToken


async def test_it_steps_through_what_is_chosen(science):
    found = await NextToken(top=3, choose=(0, 2)).run(science.context, "The van")
    assert len(found.steps) == 3
    assert [token.id for token in found.taken] == [found.steps[0].next[0].id, found.steps[1].next[2].id]
    read = [token.id for token in found.steps[2].tokens]
    assert read[-2:] == [token.id for token in found.taken]
    for step in found.steps:
        chances = [token.probability for token in step.next]
        assert chances == sorted(chances, reverse=True) and sum(chances) <= 1 and step.entropy > 0


async def test_a_choice_that_is_not_shown_names_the_setting(science):
    with pytest.raises(NodeError, match="'choose': step 1 takes token 7, but 0 to 2"):
        await NextToken(top=3, choose=(7,)).run(science.context, "The van")
