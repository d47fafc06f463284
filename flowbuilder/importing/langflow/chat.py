"""What people say to a flow of Langflow, what it answers them, and what it remembers of that."""

from __future__ import annotations

from flowbuilder.importing.drawing import Port
from flowbuilder.importing.langflow.draw import Draw
from flowbuilder.importing.original import Original, whole_in
from flowbuilder.importing.report import How


def chat_input(to: Draw, node: Original) -> None:
    node.ignore(*(name for name in node.inputs if name != "input_value"))
    id_ = to.stage.add(node, "flow.start", {"example": node.text("input_value")[:2000]})
    to.stage.question = to.stage.question or Port(id_)
    to.outputs[node.id] = {"message": Port(id_)}
    to.stage.became(node, How.CONVERTED, "", id_)


def chat_output(to: Draw, node: Original) -> None:
    said = to.text(node, "input_value")
    node.ignore(*node.inputs)
    id_ = to.stage.add(node, "flow.reply")
    to.stage.drawing.wire(said, id_, "content")
    to.replies.append(id_)
    to.outputs[node.id] = {"message": Port(id_)}
    to.stage.became(node, How.CONVERTED, "", id_)


def memory(to: Draw, node: Original) -> None:
    messages = whole_in(node.take("n_messages"), 2, 200)
    node.ignore(*node.inputs)
    id_ = to.stage.add(node, "language.memory", {"turns": messages // 2} if messages else {})
    to.outputs[node.id] = {"messages_text": Port(id_)}
    to.stage.became(node, How.APPROXIMATED, "It remembers the conversations of this flow here.", id_)
