import pytest

from nodes.base import NodeError
from nodes.language.summarise import Summarise

TEXT = "\n\n".join(f"Chapter {number}. {'Something happens here. ' * 12}" for number in range(4))


async def test_parts_are_summarised_and_then_their_summaries(make_context, models):
    models.answers = ["S1.", "S2.", "S3.", "S4.", "All of it."]
    node = Summarise(most_characters=400, words=40, focus="vans")
    assert await node.run(make_context(), TEXT) == "All of it."
    prompts = [call["prompt"] for call in models.calls]
    assert len(prompts) == 5 and all("about 40 words. It is about: vans." in prompt for prompt in prompts)
    assert "S1.\n\nS2.\n\nS3.\n\nS4." in prompts[-1] and "Chapter 3" in prompts[3]


async def test_refine_mends_one_summary_part_after_part(make_context, models):
    models.answers = ["A.", "AB.", "ABC.", "ABCD."]
    node = Summarise(method="refine", most_characters=400)
    assert await node.run(make_context(), TEXT) == "ABCD."
    prompts = [call["prompt"] for call in models.calls]
    assert "Summary so far" not in prompts[0] and "Summary so far:\nABC." in prompts[3]
    assert "Chapter 3" in prompts[3]


async def test_a_model_that_reads_little_gets_shorter_parts(make_context, models):
    models.answers, models.reads = ["Short."], 300
    assert await Summarise().run(make_context(), TEXT) == "Short."
    assert max(len(call["prompt"]) for call in models.calls[-2:]) <= 300


async def test_a_model_that_repeats_what_it_reads_comes_to_an_end(make_context, models):
    async def echo(model, prompt, *, sampling=None, schema=None):
        models.calls.append({"prompt": prompt})
        yield prompt.partition("Text:\n")[2]

    models.generate = echo
    said = await Summarise(most_characters=400).run(make_context(), TEXT)
    assert "Chapter 3" in said and len(models.calls) < 20


async def test_nothing_cannot_be_summarised(make_context):
    with pytest.raises(NodeError, match="'text' is empty"):
        await Summarise().run(make_context(), "  ")
