"""Values as their target takes them."""

from flowbuilder.engine.fit import fits
from flowbuilder.engine.ports import Port, inputs_of
from flowbuilder.engine.values import as_input, from_json
from nodes.language.local_model import LocalModel
from nodes.types import Message, Messages

SAID = Messages(items=(Message(role="user", content="Hi"),))


def test_a_port_for_text_may_keep_one_kind_of_value_as_it_is():
    (prompt,) = inputs_of(LocalModel())
    assert (prompt.type, prompt.keeps, prompt.required) == (str, Messages, True)
    assert fits(Port("out", Messages), prompt) and fits(Port("out", str), prompt)
    assert not fits(Port("out", int), prompt)
    assert as_input(SAID, prompt) is SAID
    assert as_input(7, prompt) == "7"
    assert as_input(SAID, Port("text", str)) == "user: Hi"


def test_it_comes_back_from_json_as_what_it_was():
    (prompt,) = inputs_of(LocalModel())
    assert from_json((prompt,), {"prompt": SAID.model_dump()}) == {"prompt": SAID}
    assert from_json((prompt,), {"prompt": "Hi"}) == {"prompt": "Hi"}
