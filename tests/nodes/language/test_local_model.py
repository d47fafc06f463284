from nodes.language.local_model import LocalModel


async def test_it_streams_what_the_model_says(make_context, models):
    models.answers = ["forty-two"]
    pieces = [
        piece async for piece in LocalModel(temperature=0, stop=("END",), seed=7).run(make_context(), "What?")
    ]
    assert pieces == ["for", "ty-", "two"]
    assert models.calls[0]["sampling"].stop == ("END",)
    assert models.calls[0]["sampling"].seed == 7
