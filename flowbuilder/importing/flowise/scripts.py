"""Scripts of Flowise: as the request that they make, as Python where that can say the same, else kept as they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import available_timezones

from flowbuilder.importing.drawing import Exit, Port
from flowbuilder.importing.flowise.as_tool import AsTool
from flowbuilder.importing.javascript.requests import Asking, asking
from flowbuilder.importing.javascript.syntax import Untranslatable
from flowbuilder.importing.javascript.translating import Translated, translated
from flowbuilder.importing.original import Original
from flowbuilder.importing.report import How
from flowbuilder.importing.signing import headers_of
from flowbuilder.importing.stage import Stage
from flowbuilder.importing.standing import placeholder_of

NOT_TRANSLATED = "Its JavaScript cannot run here, and could not be translated: {error}. Write the same in Python in a node 'Code', or as an 'HTTP request'; the script is kept in the placeholder."
TRANSLATED = "Its JavaScript was translated into Python: read it once."
REQUEST = "Its script is the request that it made: its whole answer is given."
SELECTS = "Its script read a database; a SELECT does so here, and nothing can be changed."
CLOCK = "Its script wrote the time; how it is written is set in 'pattern'."
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"}
DATABASES = re.compile(r"require\(['\"](typeorm|pg|mysql2?(/promise)?|sqlite3|better-sqlite3)['\"]\)")
ZONE = re.compile(r"timeZone\s*[:=]\s*['\"]([\w/+-]{1,60})['\"]")
INPUT = re.compile(r"\$([A-Za-z_]\w*)")
TABLES = "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
FETCHES = re.compile(r"\bfetch\s*\(")
MOST_INPUTS = 20


def as_node(script: str) -> AsTool:
    """What does the same by itself: its inputs are named as the script names them. Errors: ``Untranslatable``."""
    if FETCHES.search(script):
        return request(asking(script))
    if found := _database(script):
        return found
    if "new Date()" in script and not INPUT.search(script):
        zone = ZONE.search(script)
        settings = {"time_zone": zone[1]} if zone and _is_zone(zone[1]) else {}
        return AsTool("tools.date", settings, How.APPROXIMATED, CLOCK)
    return code(translated(script))


def code(found: Translated) -> AsTool:
    if len(found.inputs) > MOST_INPUTS:
        raise Untranslatable(f"it takes more than {MOST_INPUTS} values")
    settings = {"code": found.code, "names": list(found.inputs.values())}
    return AsTool("tools.code", settings, How.APPROXIMATED, TRANSLATED, takes=dict(found.inputs))


def request(found: Asking) -> AsTool:
    headers, auth = headers_of(found.headers)
    if found.is_json:
        headers = [pair for pair in headers if pair["name"].lower() != "content-type"]
    settings: dict[str, Any] = {
        "method": found.method if found.method in METHODS else "POST",
        "url": found.url[:4000],
        "headers": headers,
        **auth,
    }
    if found.body:
        settings |= {"body_type": "json" if found.is_json else "text", "body": found.body}
    told = " ".join([REQUEST, *found.told])
    todo = []
    if not found.url.startswith(("http://", "https://")):
        todo.append(f"Write the address that it asks ('url'): it was '{found.url[:200]}'.")
    if auth:
        todo.append("Keep what it signed in with as a secret, and choose it ('secret').")
    names = re.findall(r"\{\{ (\w+) \}\}", f"{found.url} {found.body} {headers}")
    takes = {f"${name}": name for name in dict.fromkeys(names)}
    return AsTool("tools.http_request", settings, How.APPROXIMATED, told, todo=" ".join(todo), takes=takes)


def _database(script: str) -> AsTool | None:
    if not DATABASES.search(script):
        return None
    given = [name for name in dict.fromkeys(INPUT.findall(script)) if name not in {"flow", "vars"}]
    todo = "An administrator lists the database in FLOWBUILDER_DATABASES; then name it ('database')."
    if not given and "information_schema" in script:
        return AsTool("tools.sql_query", {"sql": TABLES, "limit": 1000}, How.APPROXIMATED, SELECTS, todo=todo)
    if len(given) == 1:
        takes = {f"${given[0]}": "sql"}
        return AsTool("tools.sql_query", {}, How.APPROXIMATED, SELECTS, todo=todo, takes=takes)
    return None


def _is_zone(name: str) -> bool:
    return name in available_timezones()


def why_kept(error: Untranslatable) -> str:
    return NOT_TRANSLATED.format(error=error)


def step(
    stage: Stage,
    original: Original,
    before: Exit | None,
    script: str,
    given: Mapping[str, Callable[[], Port]],
) -> Mapping[str, Exit]:
    """A step that runs a script. ``given``: what its inputs are, by their names with a dollar sign."""
    try:
        node = as_node(script)
        wires = {port: _value(stage, original, said, given) for said, port in node.takes.items()}
    except Untranslatable as error:
        return stage.placeholder(original, before, why_kept(error), [""])
    id_ = stage.add(original, node.type, node.settings)
    if before is not None and wires:
        first = next(iter(wires))
        wires[first] = stage.held(original, wires[first], before)
    for port, value in wires.items():
        stage.drawing.wire(value, id_, port)
    node.tell(stage.report, original.label)
    said = Port(id_, "out" if node.type == "tools.date" else "text")
    if not wires and before is not None:
        said = stage.after(original, said, before.control)
    stage.became(original, node.how, node.why, *dict.fromkeys((id_, said.node)))
    return {"": Exit.of(said)}


def alone(stage: Stage, original: Original, given: Mapping[str, Callable[[], Port]]) -> Port:
    """A script whose value others take, in its place."""
    try:
        node = as_node(original.text("javascriptFunction"))
        wires = {port: _value(stage, original, said, given) for said, port in node.takes.items()}
    except Untranslatable as error:
        why = why_kept(error)
        id_ = stage.add(
            original, "flow.placeholder", placeholder_of(stage.report.source, original, why, [], [])
        )
        stage.became(original, How.PLACEHOLDER, why, id_)
        return Port(id_)
    id_ = stage.add(original, node.type, node.settings)
    for port, value in wires.items():
        stage.drawing.wire(value, id_, port)
    node.tell(stage.report, original.label)
    stage.became(original, node.how, node.why, id_)
    return Port(id_, "out" if node.type == "tools.date" else "text")


def _value(stage: Stage, original: Original, said: str, given: Mapping[str, Callable[[], Port]]) -> Port:
    if said in given:
        return given[said]()
    if said in {"$flow.input", "$input", "$question"} and stage.question is not None:
        return stage.question
    port = stage.value(original, said) if said.startswith(("$flow.", "$vars.")) else None
    if port is None:
        raise Untranslatable(f"nothing gives it '{said}'")
    return port
