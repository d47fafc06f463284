"""Tools, requests and scripts of Langflow."""

from __future__ import annotations

from collections.abc import Callable

from flowbuilder.importing.drawing import Port
from flowbuilder.importing.langflow.draw import Draw
from flowbuilder.importing.original import Original
from flowbuilder.importing.report import How

SCRIPT = "Its Python would run beside Langflow's own. Write what it does in a node 'Code'; what it was set to is kept in the placeholder."


def request(to: Draw, node: Original) -> None:
    urls = node.take("urls", [])
    url = next((each for each in urls if isinstance(each, str)), "") if isinstance(urls, list) else ""
    url = node.text("url_input") or node.text("url") or url
    method = node.text("method").upper()
    settings = {
        "method": method if method in {"GET", "POST", "PUT", "PATCH", "DELETE"} else "GET",
        "url": url[:4000],
    }
    id_ = to.stage.add(node, "tools.http_request", settings)
    to.outputs[node.id] = {"data": Port(id_, "tool" if node.data.get("tool_mode") else "text")}
    to.stage.became(node, How.APPROXIMATED, "Its headers and body are to be written again.", id_)


def tool(type_: str) -> Callable[[Draw, Original], None]:
    def made(to: Draw, node: Original) -> None:
        id_ = to.stage.add(node, type_)
        node.ignore(*node.inputs)
        offers = node.data.get("tool_mode") or any(
            edge.target_port == "tools" for edge in to.stage.source.out_of(node.id)
        )
        if not offers and type_ == "tools.calculator":
            to.stage.drawing.wire(to.text(node, "expression"), id_, "expression")
        to.outputs[node.id] = {"component_as_tool": Port(id_, "tool" if offers else "out")}
        to.stage.became(node, How.CONVERTED, "", id_)

    return made


def script(to: Draw, node: Original) -> None:
    to.placeholder(node, SCRIPT)
