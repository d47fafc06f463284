import pytest

from nodes.base import NodeError
from nodes.language.remote_model import RemoteModel
from nodes.services.remote_models import Endpoint
from nodes.types import Message, Messages
from tests.nodes.conftest import FakeRemote


async def test_it_streams_and_asks_as_it_is_set(make_context):
    remote = FakeRemote([["Hel", "lo"]])
    node = RemoteModel(base_url=" http://box:8000/v1/ ", model_name="m", system="Be brief.", seed=7, tries=2)
    said = Messages(items=(Message(role="user", content="Hi"),))
    assert [piece async for piece in node.run(make_context(remote=remote), said)] == ["Hel", "lo"]
    (call,) = remote.calls
    assert call["endpoint"] == Endpoint(base_url="http://box:8000/v1", model="m", tries=2)
    assert call["messages"] == [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]
    assert call["sampling"].seed == 7
    assert RemoteModel.sends_out


async def test_without_the_service_it_says_so(make_context):
    with pytest.raises(NodeError, match="no models elsewhere"):
        [piece async for piece in RemoteModel().run(make_context(), "Hi")]
