from nodes.language.local_model import LocalModel
from nodes.types import Message, Messages


async def test_it_streams_what_the_model_says(make_context, models):
    models.answers = ["forty-two"]
    pieces = [
        piece async for piece in LocalModel(temperature=0, stop=("END",), seed=7).run(make_context(), "What?")
    ]
    assert pieces == ["for", "ty-", "two"]
    assert models.calls[0]["sampling"].stop == ("END",)
    assert models.calls[0]["sampling"].seed == 7


async def test_a_conversation_is_asked_as_one(make_context, models):
    models.answers = ["yes"]
    said = Messages(items=(Message(role="user", content="Hi"), Message(role="assistant", content="Hello")))
    assert [piece async for piece in LocalModel(system="Be brief.").run(make_context(), said)]
    assert [message["role"] for message in models.calls[0]["prompt"]] == ["system", "user", "assistant"]
