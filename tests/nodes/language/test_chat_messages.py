import pytest
from pydantic import ValidationError

from nodes.language.asked import asked
from nodes.language.chat_messages import ChatMessages, Row
from nodes.types import Message, Messages

BEFORE = Messages(items=(Message(role="user", content="Hi"), Message(role="assistant", content="Hello")))


async def test_history_stands_between_the_instructions_and_the_question():
    node = ChatMessages(rows=(Row(role="system", template="Be {{ how }}."), Row(template="{{ question }}")))
    assert list(node.inputs()) == ["history", "how", "question"]
    said = await node.run(history=BEFORE, how="brief", question="{{ how }}?")
    assert [(message.role, message.content) for message in said.items] == [
        ("system", "Be brief."),
        ("user", "Hi"),
        ("assistant", "Hello"),
        ("user", "{{ how }}?"),
    ]


async def test_only_the_last_of_the_history_is_taken_and_empty_messages_are_left_out():
    node = ChatMessages(rows=(Row(template="{{ note }}"), Row(template="{{ question }}")), most_history=1)
    said = await node.run(history=BEFORE, note="  ", question="Why?")
    assert [message.content for message in said.items] == ["Hello", "Why?"]
    assert (await ChatMessages(most_history=0).run(history=BEFORE, question="x")).items[1].content == "x"


def test_a_template_cannot_take_the_name_of_the_port():
    with pytest.raises(ValidationError, match="'history' is the port"):
        ChatMessages(rows=(Row(template="{{ history }}"),))


def test_a_model_is_told_one_system_message():
    said = Messages(items=(Message(role="system", content="b"), Message(role="user", content="q")))
    assert asked(said, "a") == [{"role": "system", "content": "a\n\nb"}, {"role": "user", "content": "q"}]
    assert asked("q") == [{"role": "user", "content": "q"}]
