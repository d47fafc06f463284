"""Components of Langflow that write texts."""

from __future__ import annotations

from flowbuilder.importing.drawing import Port
from flowbuilder.importing.langflow.draw import Draw, as_template
from flowbuilder.importing.original import Original
from flowbuilder.importing.report import How
from flowbuilder.importing.texts import from_single


def prompt(to: Draw, node: Original) -> None:
    template, names = from_single(node.text("template"))
    id_ = to.stage.add(node, "text.prompt", {"template": template or " "})
    for name in names:
        to.stage.drawing.wire(to.text(node, name), id_, name)
    node.ignore("tool_placeholder", *names)
    to.outputs[node.id] = {"prompt": Port(id_)}
    to.stage.became(node, How.CONVERTED, "", id_)


def passes(to: Draw, node: Original) -> None:
    """Turns data into text, which happens by itself here."""
    pattern, names = from_single(node.text("template") or node.text("pattern") or "{data}")
    value = to.text(node, "data", "input_data", "df", "input_value")
    node.ignore("sep", "mode", "template", "pattern")
    id_ = to.stage.add(node, "text.prompt", {"template": pattern})
    for name in names:
        to.stage.drawing.wire(value, id_, name)
    to.outputs[node.id] = {"text": Port(id_)}
    to.stage.became(node, How.APPROXIMATED, "All that arrives is written in each place of its template.", id_)


def text_input(to: Draw, node: Original) -> None:
    said = node.text("input_value")
    wired = to.into(node, "input_value")
    template = "{{ text }}" if wired else as_template(said)
    id_ = to.stage.add(node, "text.prompt", {"template": template})
    for port in wired[:1]:
        to.stage.drawing.wire(port, id_, "text")
    to.outputs[node.id] = {"text": Port(id_)}
    to.stage.became(node, How.CONVERTED, "", id_)


def combine(to: Draw, node: Original) -> None:
    id_ = to.stage.add(node, "flow.merge", {"how": "text", "separator": node.text("delimiter")[:100] or " "})
    for field in ("text1", "text2"):
        to.stage.drawing.wire(to.text(node, field), id_, "values")
    to.outputs[node.id] = {"combined_text": Port(id_)}
    to.stage.became(node, How.CONVERTED, "", id_)
