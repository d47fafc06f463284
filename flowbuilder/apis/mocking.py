"""Answers as an imported API would, made from its schemas."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from flowbuilder.accounts.errors import ApiError
from flowbuilder.apis.models import ApiDescription, Operation
from nodes.json_rules import errors_of
from nodes.mock.asked import given
from nodes.mock.records import Unsatisfiable, make
from nodes.tools.responses import chosen_status

PREFER = re.compile(r"(code|seed)\s*=\s*\"?(\w+)\"?")
DEFAULT_STATUS = 500
MOST_REASONS = 20
SEEDS = 2**31


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    seed: int
    has_body: bool = True


@dataclass
class Asked:
    """A request to a mocked API."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    has_body: bool = False
    is_json: bool = True
    """False where the body is none that can be read."""
    prefer: str = ""
    seed: str = ""


def preview(
    operation: Operation, status: str = "", seed: int | None = None, values: dict[str, Any] | None = None
) -> Answer:
    """An answer of the operation with that status, or with the one that says success."""
    seed = secrets.randbelow(SEEDS) if seed is None else seed
    described = list(operation.responses)
    chosen = chosen_status(described, status)
    if chosen is None:
        raise ApiError(
            "invalid",
            f"{operation} describes no answer {status or 'at all'}; it has {', '.join(described) or 'none'}.",
            422,
        )
    schema = operation.responses[chosen]["schema"]
    code = int(status) if status else _code(chosen)
    if schema is None:
        return Answer(code, None, seed, has_body=False)
    try:
        body = make(schema, seed=seed)
        return Answer(code, given(body, values or {}, schema), seed)
    except Unsatisfiable as error:
        raise ApiError(
            "unsatisfiable", f"No answer satisfies the schema of {operation}. {error}.", 422
        ) from error


def _code(described: str) -> int:
    if described == "default":
        return DEFAULT_STATUS
    return int(described.replace("X", "0"))


def answer(description: ApiDescription, asked: Asked) -> Answer:
    """The mock server's answer to one request."""
    operation, parts = _found(description, asked)
    wishes = dict(PREFER.findall(asked.prefer))
    seed = wishes.get("seed") or asked.seed
    if seed and not re.fullmatch(r"\d{1,18}", seed):
        raise ApiError("invalid", f"The seed '{seed[:40]}' is no whole number.", 422)
    code = wishes.get("code", "")
    if code and not re.fullmatch(r"[1-5]\d\d", code):
        raise ApiError("invalid", f"'Prefer: code={code[:20]}' names no status; one has three digits.", 422)
    reasons = _reasons(operation, asked, parts)
    if reasons:
        raise ApiError("invalid", "; ".join(reasons[:MOST_REASONS]), 422, reasons[:MOST_REASONS])
    sent = asked.body if isinstance(asked.body, dict) else {}
    return preview(operation, code, int(seed) if seed else None, {**sent, **parts})


def _found(description: ApiDescription, asked: Asked) -> tuple[Operation, dict[str, str]]:
    """The operation of the path, with what stands in the path's places; a literal step goes before a place."""
    path = "/" + asked.path.strip("/")
    base = description.base_path
    paths = {path, path.removeprefix(base) or "/"} if base and f"{path}/".startswith(f"{base}/") else {path}
    fitting: list[tuple[int, Operation, dict[str, str]]] = []
    for operation in description.operations.all():
        for each in paths:
            parts = _parts(operation.path, each)
            if parts is not None:
                fitting.append((len(parts), operation, parts))
    if not fitting:
        known = sorted({operation.path for operation in description.operations.all()})
        listed = ", ".join(known[:10]) + (", ..." if len(known) > 10 else "")
        raise ApiError("not_found", f"'{description.name}' has no path {path[:200]}. It has {listed}.", 404)
    fitting.sort(key=lambda each: each[0])
    for _, operation, parts in fitting:
        if operation.method == asked.method:
            return operation, parts
    methods = ", ".join(sorted({operation.method for _, operation, _ in fitting}))
    raise ApiError("method_not_allowed", f"{path[:200]} has no {asked.method}; it has {methods}.", 405)


def _parts(template: str, path: str) -> dict[str, str] | None:
    steps, given_steps = template.strip("/").split("/"), path.strip("/").split("/")
    if len(steps) != len(given_steps):
        return None
    parts: dict[str, str] = {}
    for step, said in zip(steps, given_steps, strict=True):
        names = re.findall(r"\{([^}]+)\}", step)
        if not names:
            if step != said:
                return None
            continue
        shape = "(.+)".join(re.escape(part) for part in re.split(r"\{[^}]+\}", step))
        found = re.fullmatch(shape, said) if len(names) < 4 else None
        if not found:
            return None
        parts |= dict(zip(names, found.groups(), strict=True))
    return parts


def _reasons(operation: Operation, asked: Asked, parts: dict[str, str]) -> list[str]:
    """What is wrong with the request."""
    said = {"path": parts, "query": asked.query}
    reasons = []
    for parameter in operation.parameters:
        where, name = parameter["in"], parameter["name"]
        if where not in said:
            continue
        if name not in said[where]:
            if parameter["required"]:
                reasons.append(f"{where}.{name}: it is required")
            continue
        values = _typed(said[where][name], parameter["schema"])
        errors = [errors_of(value, parameter["schema"]) for value in values]
        if all(errors):
            reasons.append(f"{where}.{name}: {errors[0][0].partition(': ')[2]}")
    return reasons + _body_reasons(operation, asked)


def _body_reasons(operation: Operation, asked: Asked) -> list[str]:
    if operation.request is None:
        return []
    if not asked.has_body:
        return ["body: it is required"] if operation.request_required else []
    if "json" not in operation.request_type:
        return []
    if not asked.is_json:
        return ["body: it is not JSON"]
    return [
        f"body.{reason}".replace("body.record: ", "body: ")
        for reason in errors_of(asked.body, operation.request)
    ]


def _typed(text: str, schema: Any) -> list[Any]:
    """What the text of an address may mean."""
    found: list[Any] = [text]
    if re.fullmatch(r"-?\d{1,18}", text):
        found.insert(0, int(text))
    elif re.fullmatch(r"-?\d{1,18}\.\d{1,12}", text):
        found.insert(0, float(text))
    if text in {"true", "false"}:
        found.insert(0, text == "true")
    return [*found, *([part] for part in found), text.split(",")]
