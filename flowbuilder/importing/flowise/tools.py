"""Tools of Flowise's agents, as nodes that offer themselves to a model."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flowbuilder.importing.drawing import port_name
from flowbuilder.importing.report import How
from flowbuilder.importing.texts import plain

SEARCH = "A web search by its maker's own interface. Take 'HTTP request' with that interface, or a search server of the Model Context Protocol ('MCP server'), with your own key."
REASONS = {
    "googleCustomSearch": SEARCH, "serpAPI": SEARCH, "serper": SEARCH, "tavilyAPI": SEARCH, "braveSearchAPI": SEARCH,
    "exaSearch": SEARCH, "searchAPI": SEARCH, "searXNG": SEARCH, "duckduckgoSearch": SEARCH,
    "openAPIToolkit": "Import the API's description on the page APIs; each of its operations is then a tool ('API operation').",
    "customTool": "Its JavaScript cannot run here. Write the same in Python in a node 'Code', or as an 'HTTP request'.",
    "chatflowTool": "Call the other flow with the node 'Call a flow' before the agent.",
    "agentAsTool": "Call the other flow with the node 'Call a flow' before the agent.",
    "gmail": "Take 'Send mail', or an MCP server for Gmail.",
}  # fmt: skip
OTHERWISE = (
    "It has no counterpart here. An 'HTTP request', an 'MCP server' or a 'Code' node may take its place."
)
METHODS = {"requestsGet": "GET", "requestsPost": "POST", "requestsPut": "PUT", "requestsDelete": "DELETE"}


@dataclass
class AsTool:
    """The node that a tool becomes."""

    type: str
    settings: dict[str, Any] = field(default_factory=dict)
    how: How = How.CONVERTED
    why: str = ""
    port: str = "tool"
    todo: str = ""
    used: tuple[str, ...] = ()


def as_tool(kind: str, given: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> AsTool:
    """``known``: custom tools of the same file, by their ids."""
    if kind in METHODS:
        return _request(kind, given)
    if kind == "customTool":
        return _custom(given, known)
    if kind in PLAIN:
        return PLAIN[kind](given)
    return AsTool("flow.placeholder", how=How.PLACEHOLDER, why=REASONS.get(kind, OTHERWISE))


def tool_name(text: Any) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "_", text if isinstance(text, str) else "")[:64]


def _page(given: Mapping[str, Any]) -> AsTool:
    why = "It reads one page that the model names; how deep it scraped is not kept."
    return AsTool("tools.web_page", how=How.APPROXIMATED, why=why)


def _mcp(given: Mapping[str, Any]) -> AsTool:
    try:
        config = json.loads(plain(str(given.get("mcpServerConfig", "{}"))))
    except (ValueError, RecursionError):
        config = {}
    url = config.get("url") if isinstance(config, dict) else None
    why = "It ran a command beside Flowise; an administrator may set the command up in FLOWBUILDER_MCP_COMMANDS."
    if not isinstance(url, str):
        return AsTool("tools.mcp", {}, How.APPROXIMATED, why, "tools", "Name the MCP server ('server').")
    return AsTool("tools.mcp", {"server": url[:500]}, port="tools", used=("mcpServerConfig",))


PLAIN: dict[str, Callable[[Mapping[str, Any]], AsTool]] = {
    "calculator": lambda given: AsTool("tools.calculator"),
    "currentDateTime": lambda given: AsTool("tools.date"),
    "webScraperTool": _page,
    "webBrowser": _page,
    "customMCP": _mcp,
}


def _custom(given: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> AsTool:
    chosen = str(given.get("selectedTool") or given.get("customToolName") or "")
    row = known.get(chosen, {})
    why = REASONS["customTool"]
    settings: dict[str, Any] = {}
    if row:
        settings = {"kept": json.dumps(dict(row), ensure_ascii=False, indent=2)[:500_000]}
        settings["tool_name"] = tool_name(row.get("name"))
        settings["tool_description"] = str(row.get("description") or "")
    elif chosen:
        why += " The tool itself is in another file: export it from Flowise's page Tools, or the whole workspace."
    return AsTool("flow.placeholder", settings, How.PLACEHOLDER, why)


def _request(kind: str, given: Mapping[str, Any]) -> AsTool:
    said = {name.removeprefix(kind): value for name, value in given.items() if name.startswith(kind)}
    url = plain(str(said.get("Url") or given.get("url") or "")).strip()
    why: list[str] = []
    query = []
    for name, rule in _fields(said.get("QueryParamsSchema")).items():
        at = rule.get("in") if isinstance(rule, dict) else "query"
        port = port_name(name)
        if at == "path" and (f":{name}" in url or f"{{{name}}}" in url):
            url = url.replace(f":{name}", f"{{{{ {port} }}}}").replace(f"{{{name}}}", f"{{{{ {port} }}}}")
        elif at == "path":
            why.append(f"'{name}' had no place in the address and is left out.")
        else:
            query.append({"name": name[:200], "value": f"{{{{ {port} }}}}"})
            why.append("Every parameter of the query has to be given.")
    settings: dict[str, Any] = {"method": METHODS[kind], "url": url[:4000], "query": query[:50]}
    if body := _fields(said.get("BodySchema") or said.get("Body")):
        lines = [f"{json.dumps(name)}: {{{{ {port_name(name)} }}}}" for name in body]
        settings |= {"body_type": "json", "body": "{" + ", ".join(lines) + "}"}
    settings["headers"], secret = headers_of(said.get("Headers"))
    settings["tool_name"] = tool_name(said.get("Name"))
    settings["tool_description"] = str(said.get("Description") or "")[:4000]
    todo = (
        "Keep the key that its headers held as a secret, and choose it ('auth', 'secret')." if secret else ""
    )
    used = tuple(name for name in given if name.startswith(kind) and not name.endswith("MaxOutputLength"))
    how = How.APPROXIMATED if why else How.CONVERTED
    return AsTool("tools.http_request", settings, how, " ".join(dict.fromkeys(why)), "tool", todo, used)


def headers_of(said: Any) -> tuple[list[dict[str, str]], bool]:
    """Headers without those that sign in, and whether there was one."""
    if isinstance(said, list):
        found = {
            str(row.get("key")): row.get("value") for row in said if isinstance(row, dict) and row.get("key")
        }
    else:
        found = _fields(said)
    pairs, secret = [], False
    for name, value in found.items():
        if re.search(r"authorization|key|token|cookie", name, re.IGNORECASE):
            secret = True
        elif re.fullmatch(r"[\x21-\x7e]{1,200}", name):
            pairs.append({"name": name, "value": plain(str(value))[:8000]})
    return pairs[:50], secret


def _fields(text: Any) -> dict[str, Any]:
    try:
        found = json.loads(plain(text)) if isinstance(text, str) and text.strip() else text
    except (ValueError, RecursionError):
        return {}
    return {str(name): rule for name, rule in found.items()} if isinstance(found, dict) else {}
