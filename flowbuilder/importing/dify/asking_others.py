"""Requests that Dify's flows make."""

from __future__ import annotations

import re

from flowbuilder.importing.dify.selecting import Made
from flowbuilder.importing.drawing import Exit, Port
from flowbuilder.importing.original import Original, mapping, text_in
from flowbuilder.importing.report import How
from flowbuilder.importing.stage import Stage


def http(stage: Stage, original: Original, before: Exit | None) -> Made:
    original.ignore("timeout", "retry_config", "ssl_verify", "variables")
    url, ports = stage.fill(original, original.text("url"))
    headers, query = [], []
    for name, into in (("headers", headers), ("params", query)):
        for line in original.text(name).splitlines():
            key, _, value = line.partition(":")
            if re.search(r"authorization|key|token|cookie", key, re.IGNORECASE):
                stage.report.secrets.append(
                    {"node": original.label, "what": f"'{key.strip()}' of its {name}"}
                )
            elif re.fullmatch(r"[\x21-\x7e]{1,200}", key.strip()):
                filled, found = stage.fill(original, value.strip())
                ports |= found
                into.append({"name": key.strip(), "value": filled[:8000]})
    body, body_type = _body(original)
    text, found = stage.fill(original, body)
    ports |= found
    if mapping(original.take("authorization", {})).get("type") not in (None, "no-auth"):
        stage.report.secrets.append({"node": original.label, "what": "What it signs in with"})
    method = original.text("method").upper()
    methods = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"}
    settings = {
        "method": method if method in methods else "GET",
        "url": url[:4000],
        "headers": headers[:50],
        "query": query[:50],
    }
    id_ = stage.add(original, "tools.http_request", {**settings, "body_type": body_type, "body": text})
    if before is not None and ports:
        name = next(iter(ports))
        ports[name] = stage.held(original, ports[name], before)
    for name, port in ports.items():
        stage.drawing.wire(port, id_, name)
    stage.became(original, How.CONVERTED, "", id_)
    return {"": Exit.of(Port(id_, "text"))}


def _body(original: Original) -> tuple[str, str]:
    said = mapping(original.take("body", {}))
    kind = {"json": "json", "raw-text": "text", "form-data": "form", "x-www-form-urlencoded": "form"}.get(
        text_in(said.get("type")), "none"
    )
    data = said.get("data")
    if isinstance(data, list):
        rows = [row for row in data if isinstance(row, dict)]
        pairs = [f"{text_in(row.get('key'))}={text_in(row.get('value'), most=50_000)}" for row in rows]
        data = (
            "\n".join(pairs)
            if kind == "form"
            else "\n".join(text_in(row.get("value"), most=50_000) for row in rows)
        )
    return text_in(data, most=100_000), kind
