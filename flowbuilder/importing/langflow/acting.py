"""Tools, requests and scripts of Langflow."""

from __future__ import annotations

from zoneinfo import available_timezones

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


def calculator(to: Draw, node: Original) -> None:
    id_ = to.stage.add(node, "tools.calculator")
    if not _offers(to, node):
        to.stage.drawing.wire(to.text(node, "expression"), id_, "expression")
    _stands(to, node, id_)


def date(to: Draw, node: Original) -> None:
    zone = node.text("timezone")
    settings: dict[str, object] = {"time_zone": zone} if zone in available_timezones() else {}
    _stands(to, node, to.stage.add(node, "tools.date", settings))


def page(to: Draw, node: Original) -> None:
    """One page, where Langflow reads several: the first of those that are written, or what is wired."""
    said = node.take("urls", [])
    urls = [url for url in said if isinstance(url, str) and url] if isinstance(said, list) else []
    offers, wired = _offers(to, node), to.into(node, "urls")
    address = "" if offers or wired else next(iter(urls), "")
    id_ = to.stage.add(node, "tools.web_page", {"address": address[:2000]})
    for port in wired[:1]:
        to.stage.drawing.wire(port, id_, "url")
    for url in urls[1:]:
        to.stage.report.lose(node.label, "urls", url)
    _stands(to, node, id_)


def _offers(to: Draw, node: Original) -> bool:
    """Whether a model calls it."""
    out = to.stage.source.out_of(node.id)
    return bool(node.data.get("tool_mode")) or any(edge.target_port == "tools" for edge in out)


def _stands(to: Draw, node: Original, id_: str) -> None:
    node.ignore(*node.inputs)
    to.outputs[node.id] = {"component_as_tool": Port(id_, "tool" if _offers(to, node) else "out")}
    to.stage.became(node, How.CONVERTED, "", id_)


def script(to: Draw, node: Original) -> None:
    to.placeholder(node, SCRIPT)
