"""What stands in a group is run by the engine (tests/engine/test_groups.py); the nodes themselves refuse to run."""

import pytest

from nodes.base import NodeError
from nodes.flow.group import Group
from nodes.flow.group_input import GroupInput
from nodes.flow.group_output import GroupOutput


async def test_the_ports_of_a_group_run_in_no_other_place():
    with pytest.raises(NodeError, match="'topic' stands in no group"):
        await GroupInput(name="topic").run()
    with pytest.raises(NodeError, match="'text' stands in no group"):
        await GroupOutput(name="text").run("x")
    with pytest.raises(NodeError, match="by the engine"):
        await Group().run()


@pytest.mark.parametrize("kind", [GroupInput, GroupOutput])
def test_a_port_has_the_name_of_a_port(kind):
    with pytest.raises(ValueError, match="name"):
        kind(name="not a name")
