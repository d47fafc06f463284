"""Dify's code, templates and documents."""

from __future__ import annotations

import re

from flowbuilder.importing import jinja
from flowbuilder.importing.dify.selecting import Made, selected, variables_of
from flowbuilder.importing.drawing import Exit, Port, port_name
from flowbuilder.importing.flowise.scripts import TRANSLATED, why_kept
from flowbuilder.importing.javascript.syntax import Untranslatable
from flowbuilder.importing.javascript.translating import translated_main
from flowbuilder.importing.original import Original
from flowbuilder.importing.report import How
from flowbuilder.importing.stage import Stage

JINJA = re.compile(r"\{%|\{#|\{\{[^{}]*[|.\[(][^{}]*\}\}")
JINJA_TOLD = "Its Jinja template was translated into Python: read it once."
JINJA_KEPT = "Its Jinja template could not be translated: {error}. It is kept in the placeholder; write the same in a node 'Code'."
DOCUMENT = "A document's text is given by whoever asks."
CODE = "It runs in our sandbox: without packages, files or network."


def code(stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore("outputs")
    written = original.text("code")
    if original.take("code_language", "python3") != "python3":
        return _script(stage, original, before, written)
    ports = variables_of(stage, original)
    if before is not None and ports:
        name = next(iter(ports))
        ports[name] = stage.held(original, ports[name], before)
    called = ", ".join(f"{name}={name}" for name in ports)
    settings = {"names": list(ports)[:20], "code": f"{written.rstrip()}\n\nmain({called})"}
    id_ = stage.add(original, "tools.code", settings)
    for name, port in list(ports.items())[:20]:
        stage.drawing.wire(port, id_, name)
    stage.became(original, How.APPROXIMATED, CODE, id_)
    return {"": Exit.of(Port(id_, "data"))}


def _script(stage: Stage, original: Original, before: Exit | None, written: str) -> Made:
    try:
        found = translated_main(written)
    except Untranslatable as error:
        return stage.placeholder(original, before, why_kept(error), [""])
    ports = {
        name: port for name, port in variables_of(stage, original).items() if name in found.inputs.values()
    }
    if before is not None and ports:
        name = next(iter(ports))
        ports[name] = stage.held(original, ports[name], before)
    settings = {"names": list(found.inputs.values())[:20], "code": found.code}
    id_ = stage.add(original, "tools.code", settings)
    for name, port in ports.items():
        stage.drawing.wire(port, id_, name)
    stage.became(original, How.APPROXIMATED, TRANSLATED, id_)
    return {"": Exit.of(Port(id_, "data"))}


def document(stage: Stage, original: Original, before: Exit | None) -> Made:
    """A form here takes a text where it took a file."""
    original.ignore("is_array_file")
    path = original.take("variable_selector", [])
    port = selected(stage, original, path) if isinstance(path, list) else None
    id_ = stage.add(original, "text.prompt", {"template": "{{ document }}"})
    if value := port or (before.content if before else stage.question):
        stage.drawing.wire(stage.held(original, value, before), id_, "document")
    stage.became(original, How.APPROXIMATED, DOCUMENT, id_)
    return {"": Exit.of(Port(id_))}


def template(stage: Stage, original: Original, before: Exit | None) -> Made:
    text = original.text("template")
    if JINJA.search(text):
        return _jinja(stage, original, before, text)
    ports = variables_of(stage, original)
    said = re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda found: f"{{{{ {port_name(found[1])} }}}}", text)
    used = [name for name in ports if f"{{{{ {name} }}}}" in said]
    if before is not None and used:
        ports[used[0]] = stage.held(original, ports[used[0]], before)
    id_ = stage.add(original, "text.prompt", {"template": said or " "})
    for name in used:
        stage.drawing.wire(ports[name], id_, name)
    stage.became(original, How.CONVERTED, "", id_)
    return {"": Exit.of(Port(id_) if used else stage.held(original, Port(id_), before))}


def _jinja(stage: Stage, original: Original, before: Exit | None, text: str) -> Made:
    """With loops, conditions or filters, which a prompt here has not."""
    ports = variables_of(stage, original)
    try:
        written = jinja.translated(text, list(ports)[:20])
    except Untranslatable as error:
        return stage.placeholder(original, before, JINJA_KEPT.format(error=error), [""])
    if before is not None and ports:
        name = next(iter(ports))
        ports[name] = stage.held(original, ports[name], before)
    id_ = stage.add(original, "tools.code", {"names": list(ports)[:20], "code": written})
    for name, port in list(ports.items())[:20]:
        stage.drawing.wire(port, id_, name)
    stage.became(original, How.APPROXIMATED, JINJA_TOLD, id_)
    return {"": Exit.of(Port(id_, "text"))}
