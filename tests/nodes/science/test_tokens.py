import pytest

from nodes.base import NodeError
from nodes.science.tokens import TokensView


async def test_a_text_s_tokens_with_their_bytes(science, tokenizer):
    found = await TokensView().run(science.context, "A van, 路.")
    assert found.model == "starter@1"
    assert [token.id for token in found.tokens] == tokenizer("A van, 路.").input_ids
    assert str(found).count("\n") == len(found.tokens) - 1
    assert ("metric", {"tokens": len(found.tokens)}) in science.reports
    longer = await TokensView(as_chat=True).run(science.context, "A van, 路.")
    assert len(longer.tokens) > len(found.tokens)


async def test_without_a_model_worker_it_says_so(make_context):
    with pytest.raises(NodeError, match="no model worker"):
        await TokensView().run(make_context(), "x")
