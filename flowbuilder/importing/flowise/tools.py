"""Tools of Flowise's agents, as nodes that offer themselves to a model."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from flowbuilder.importing.drawing import port_name
from flowbuilder.importing.flowise import scripts
from flowbuilder.importing.flowise.as_tool import AsTool
from flowbuilder.importing.javascript.syntax import Untranslatable
from flowbuilder.importing.report import How
from flowbuilder.importing.searches import TOLD as SEARCHED
from flowbuilder.importing.searches import search, todo
from flowbuilder.importing.signing import headers_of
from flowbuilder.importing.texts import plain

REASONS = {
    "searXNG": "Take 'HTTP request' with the address of your SearXNG (/search?q=...&format=json).",
    "duckduckgoSearch": "It has no interface for programs. Take 'HTTP request' with another search.",
    "customTool": "Its JavaScript cannot run here. Write the same in Python in a node 'Code', or as an 'HTTP request'.",
    "chatflowTool": "Call the other flow with the node 'Call a flow' before the agent.",
    "agentAsTool": "Call the other flow with the node 'Call a flow' before the agent.",
}
OTHERWISE = (
    "It has no counterpart here. An 'HTTP request', an 'MCP server' or a 'Code' node may take its place."
)
RAN = "It ran a command beside Flowise; an administrator may set the command up in FLOWBUILDER_MCP_COMMANDS."
SERVER = "Name an MCP server that does what '{kind}' did ('server')."
METHODS = {"requestsGet": "GET", "requestsPost": "POST", "requestsPut": "PUT", "requestsDelete": "DELETE"}


def as_tool(kind: str, given: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> AsTool:
    """``known``: custom tools of the same file, by their ids."""
    if kind in METHODS:
        return _request(kind, given)
    if kind == "customTool":
        return _custom(given, known)
    if (asks := search(kind)) is not None:
        return AsTool("tools.http_request", asks, How.APPROXIMATED, SEARCHED, todo=todo(kind))
    if kind.endswith("MCP") and kind not in PLAIN:
        return AsTool("tools.mcp", {}, How.APPROXIMATED, RAN, "tools", SERVER.format(kind=kind))
    if kind in PLAIN:
        return PLAIN[kind](given)
    return AsTool("flow.placeholder", how=How.PLACEHOLDER, why=REASONS.get(kind, OTHERWISE))


def tool_name(text: Any) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "_", text if isinstance(text, str) else "")[:64]


def _page(given: Mapping[str, Any]) -> AsTool:
    why = "It reads one page that the model names; how deep it scraped is not kept."
    return AsTool("tools.web_page", how=How.APPROXIMATED, why=why)


def _operations(given: Mapping[str, Any]) -> AsTool:
    why = "One operation is one tool here."
    needs = "Import the API's description on the page APIs, and choose its operation; add a node for each that the agent needs."
    return AsTool("tools.api_operation", {"answers": "server"}, How.APPROXIMATED, why, todo=needs)


def _mail(given: Mapping[str, Any]) -> AsTool:
    why = "It sends by this installation's mail server; the address of the sender is set there."
    settings = {"to": "{{ to }}", "subject": "{{ subject }}", "body": "{{ body }}"}
    needs = "An administrator names the mail server and who may get mail (FLOWBUILDER_MAIL_SERVER, FLOWBUILDER_MAIL_RECIPIENTS)."
    return AsTool("tools.send_mail", settings, How.APPROXIMATED, why, todo=needs, used=tuple(given))


def _teams(given: Mapping[str, Any]) -> AsTool:
    """As Microsoft's Graph documents it: POST /teams/{id}/channels/{id}/messages."""
    why = "It posts to a channel by Microsoft's Graph; Flowise did the same with its own sign-in."
    settings = {
        "method": "POST",
        "url": "https://graph.microsoft.com/v1.0/teams/{{ teamId }}/channels/{{ chatChannelId }}/messages",
        "body_type": "json",
        "body": '{"body": {"content": {{ messageBody }}}}',
        "auth": "bearer",
    }
    needs = "Keep a token of Microsoft Graph as a secret, and choose it ('secret')."
    return AsTool("tools.http_request", settings, How.APPROXIMATED, why, todo=needs, used=tuple(given))


def _mcp(given: Mapping[str, Any]) -> AsTool:
    try:
        config = json.loads(plain(str(given.get("mcpServerConfig", "{}"))))
    except (ValueError, RecursionError):
        config = {}
    url = config.get("url") if isinstance(config, dict) else None
    if not isinstance(url, str):
        return AsTool("tools.mcp", {}, How.APPROXIMATED, RAN, "tools", "Name the MCP server ('server').")
    return AsTool("tools.mcp", {"server": url[:500]}, port="tools", used=("mcpServerConfig",))


PLAIN: dict[str, Callable[[Mapping[str, Any]], AsTool]] = {
    "calculator": lambda given: AsTool("tools.calculator"),
    "currentDateTime": lambda given: AsTool("tools.date"),
    "webScraperTool": _page,
    "webBrowser": _page,
    "customMCP": _mcp,
    "openAPIToolkit": _operations,
    "gmail": _mail,
    "microsoftTeams": _teams,
}


def _custom(given: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> AsTool:
    chosen = str(given.get("selectedTool") or given.get("customToolName") or "")
    row = known.get(chosen, {})
    if row:
        return of_script(row)
    why = REASONS["customTool"]
    if chosen:
        why += " The tool itself is in another file: export it from Flowise's page Tools, or the whole workspace."
    return AsTool("flow.placeholder", how=How.PLACEHOLDER, why=why)


def of_script(row: Mapping[str, Any]) -> AsTool:
    """A tool of the page Tools: its name, what it says of itself, and its script."""
    settings = {
        "tool_name": tool_name(row.get("name")),
        "tool_description": str(row.get("description") or "")[:4000],
    }
    try:
        found = scripts.as_node(str(row.get("func") or ""))
    except Untranslatable as error:
        kept = {key: row.get(key) for key in ("name", "description", "schema", "func")}
        settings["kept"] = json.dumps(kept, ensure_ascii=False, indent=2, default=str)[:500_000]
        return AsTool("flow.placeholder", settings, How.PLACEHOLDER, scripts.why_kept(error))
    found.settings |= settings
    return found


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
    settings["headers"], auth = headers_of(_fields(said.get("Headers")))
    settings |= auth
    settings["tool_name"] = tool_name(said.get("Name"))
    settings["tool_description"] = str(said.get("Description") or "")[:4000]
    todo = "Keep the key that its headers held as a secret, and choose it ('secret')." if auth else ""
    used = tuple(name for name in given if name.startswith(kind) and not name.endswith("MaxOutputLength"))
    how = How.APPROXIMATED if why else How.CONVERTED
    return AsTool("tools.http_request", settings, how, " ".join(dict.fromkeys(why)), "tool", todo, used)


def _fields(text: Any) -> dict[str, Any]:
    try:
        found = json.loads(plain(text)) if isinstance(text, str) and text.strip() else text
    except (ValueError, RecursionError):
        return {}
    return {str(name): rule for name, rule in found.items()} if isinstance(found, dict) else {}
