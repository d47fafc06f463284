from nodes.types import Message, Messages


def test_a_conversation_is_text_where_text_is_taken():
    said = Messages(items=(Message(role="user", content="Hi"), Message(role="assistant", content="Hello")))
    assert str(said) == "user: Hi\nassistant: Hello"
    assert said.asked[0] == {"role": "user", "content": "Hi"}
    assert Messages.model_validate(said.model_dump(mode="json")) == said
