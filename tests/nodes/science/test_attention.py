import base64

import pytest

from nodes.base import NodeError
from nodes.science.attention import AttentionView


async def test_each_head_of_each_layer_has_its_map(science):
    found = await AttentionView().run(science.context, "The van leaves.", answer=" At nine.")
    (only,) = found.maps
    count = len(found.tokens)
    assert (only.name, only.heads, only.rows, only.columns) == ("decoder", 2, count, count)
    assert [layer.layer for layer in only.layers] == [0, 1]
    weights = base64.b64decode(only.layers[0].weights)
    assert len(weights) == 2 * count * count and weights[0] == 255  # the first token can only look at itself
    assert "".join(token.text for token in found.tokens).endswith(" At nine.")
    assert f"2 layers of 2 heads, {count} x {count}" in str(found)
    assert type(found).model_validate_json(found.model_dump_json()) == found


async def test_only_some_layers_may_be_shown(science):
    found = await AttentionView(layers=(1,)).run(science.context, "The van leaves.")
    assert [layer.layer for layer in found.maps[0].layers] == [1]
    with pytest.raises(NodeError, match="attention stands in 0, 1"):
        await AttentionView(layers=(5,)).run(science.context, "The van leaves.")
