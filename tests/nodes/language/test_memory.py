import pytest

from nodes.language.memory import Memory
from nodes.services.conversation import Turn
from tests.nodes.conftest import FakeConversation

SAID = [Turn(f"question {number}", f"reply {number}") for number in range(1, 6)]


@pytest.fixture
def conversation():
    return FakeConversation(said=list(SAID))


async def test_a_window_holds_the_last_turns(make_context, conversation):
    remembered = await Memory(turns=2).run(make_context(conversation=conversation))
    assert str(remembered) == "user: question 4\nassistant: reply 4\nuser: question 5\nassistant: reply 5"
    assert not (await Memory().run(make_context())).items


async def test_a_history_that_the_caller_sends_goes_before_what_is_stored(make_context, conversation):
    history = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello"},
        {"role": "user", "content": "never answered"},
    ]
    context = make_context(conversation=conversation, inputs={"question": "?", "history": history})
    assert str(await Memory().run(context)) == "user: Hi\nassistant: Hello"
    anew = make_context(conversation=conversation, inputs={"question": "?", "history": []})
    assert not (await Memory().run(anew)).items


async def test_what_came_before_the_window_is_summed_up_once(make_context, models, conversation):
    models.answers = ["first summary", "second summary"]
    context, node = make_context(conversation=conversation, node_id="m"), Memory(kind="summary", turns=2)
    remembered = await node.run(context)
    assert remembered.items[0].content == "Earlier in this conversation: first summary"
    assert len(remembered.items) == 5 and "question 3" in models.calls[0]["prompt"]
    await node.run(context)
    assert len(models.calls) == 1  # nothing is new

    conversation.said.append(Turn("question 6", "reply 6"))
    remembered = await node.run(context)
    assert remembered.items[0].content.endswith("second summary")
    asked = models.calls[1]["prompt"]
    assert "first summary" in asked and "question 4" in asked and "question 3" not in asked


async def test_a_summary_of_another_conversation_is_not_built_on(make_context, models, conversation):
    models.answers = ["of before", "of now"]
    context, node = make_context(conversation=conversation, node_id="m"), Memory(kind="summary", turns=1)
    await node.run(context)
    conversation.said = [Turn("other 1", "a"), Turn("other 2", "b")]
    remembered = await node.run(context)
    assert remembered.items[0].content.endswith("of now") and "of before" not in models.calls[1]["prompt"]
