"""A flow of Langflow while it is drawn: which port of ours stands for which output of a component."""

from __future__ import annotations

from flowbuilder.importing.drawing import Port, port_name
from flowbuilder.importing.original import Edge, Original
from flowbuilder.importing.report import How
from flowbuilder.importing.stage import Stage
from flowbuilder.importing.standing import placeholder_of


class Draw:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.outputs: dict[str, dict[str, Port]] = {}
        """Component -> by the name of its output."""
        self.replies: list[str] = []

    def begin(self, working: list[Original]) -> None:
        if not any(node.kind in {"ChatInput", "TextInput", "Webhook"} for node in working):
            left = min((node.at[0] for node in working), default=0.0)
            self.stage.question = Port(
                self.stage.drawing.node("flow.start", (left - 420, 0.0), wanted="start")
            )

    def finish(self) -> None:
        used = {edge.source for edge in self.stage.source.edges}
        if self.replies or not self.outputs:
            return
        ends = [ports for id_, ports in self.outputs.items() if id_ not in used and ports]
        ports = [port for found in ends if (port := next(iter(found.values()))).name != "tool"]
        if ports:
            right = max(node["position"]["x"] for node in self.stage.drawing.nodes.values())
            reply = self.stage.drawing.node("flow.reply", (right + 420, 0.0), wanted="reply")
            self.stage.drawing.wire(ports[-1], reply, "content")

    def into(self, node: Original, *fields: str) -> list[Port]:
        """What is wired to fields of a component."""
        node.ignore(*fields)
        found = [self.port(edge) for edge in self.stage.source.into(node.id) if edge.target_port in fields]
        return [port for port in found if port is not None]

    def port(self, edge: Edge) -> Port | None:
        ports = self.outputs.get(edge.source, {})
        return ports.get(edge.source_port) or next(iter(ports.values()), None)

    def text(self, node: Original, *fields: str) -> Port:
        """What is wired to a field, else what is written in it, else the question."""
        wired = self.into(node, *fields)
        if wired:
            return wired[0]
        said = next((text for field in fields if (text := node.text(field))), "")
        if said or self.stage.question is None:
            settings: dict[str, object] = {"template": as_template(said)}
            return Port(self.stage.add(node, "text.prompt", settings, label="text", beside=-320))
        return self.stage.question

    def placeholder(self, node: Original, why: str) -> None:
        stage = self.stage
        into = stage.source.into(node.id)
        takes = [port_name(edge.target_port or "value") for edge in into if self.port(edge)]
        gives = [port_name(edge.source_port or "out") for edge in stage.source.out_of(node.id)] or ["out"]
        settings = placeholder_of(stage.report.source, node, why, takes, gives)
        id_ = stage.add(node, "flow.placeholder", settings)
        for edge in into:
            if port := self.port(edge):
                stage.drawing.wire(port, id_, port_name(edge.target_port or "value"))
        offers = node.data.get("tool_mode")
        self.outputs[node.id] = {
            edge.source_port: Port(id_, "tool" if offers else port_name(edge.source_port or "out"))
            for edge in stage.source.out_of(node.id)
        }
        self.outputs[node.id].setdefault("", Port(id_, gives[0]))
        stage.became(node, How.PLACEHOLDER, why, id_)


def as_template(said: str) -> str:
    """A text in which nothing is an input."""
    return said.replace("{{", "{ ").replace("}}", " }") or " "
