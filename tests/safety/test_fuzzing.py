"""Every operation of both OpenAPI documents x what schemathesis makes of its schema, fitting and not: never a 500.

Ids in paths are mostly those of things that there are, so that what lies behind them is reached. Each call is undone.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core import NOT_SET

from flowbuilder.api import api, openai_api

pytestmark = [pytest.mark.slow]
EXAMPLES = 3
"""Of each operation; ninety seconds of CPU together."""
BROKEN = 500
AWAY = {502, 503, 504}
"""What is asked of a worker, and none runs here."""
WAITS = {"/v1/chat/completions", "/v1/responses"}
"""A whole answer would wait for a worker: it is asked for as a stream, and not read."""


@schemathesis.serializer("application/jsonl")
def lines(context: Any, value: Any) -> bytes:
    """Only told to schemathesis, which asks for one: ``sent_of`` makes the body."""
    return str(value).encode(errors="replace")


def operations() -> Iterator[Any]:
    for mounted, prefix in ((api, "/api/"), (openai_api, "/v1/")):
        document = json.loads(json.dumps(mounted.get_openapi_schema(path_prefix=prefix)))
        for found in schemathesis.openapi.from_dict(document).get_all_operations():
            yield found.ok()


@pytest.fixture
def world(redis_server, lasting_world, db, unhindered):
    return lasting_world


@pytest.mark.parametrize(
    "operation", list(operations()), ids=lambda found: f"{found.method.upper()} {found.path}"
)
def test_no_input_breaks_it(world, operation):
    made = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

    @given(case=st.one_of(made), known=st.integers(0, 4))
    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any, known: int) -> None:
        path = path_of(world, case, known > 0)
        client = world.client("key" if path.startswith("/v1/") else "owner")
        with transaction.atomic():
            answer = client.generic(case.method, path, *sent_of(world, case, known > 0))
            transaction.set_rollback(True)
        status = answer.status_code
        assert status < BROKEN or status in AWAY, f"{case.method} {path}: {status} to {case.body!r}"

    ask()


def path_of(world: Any, case: Any, known: bool) -> str:
    path = case.path
    for name, value in (case.path_parameters or {}).items():
        there = world.parameters.get(name) if known else None
        path = path.replace(f"{{{name}}}", quote(str(value if there is None else there), safe=""))
    query = case.query if isinstance(case.query, dict) else {}
    asked = urlencode({name: value for name, value in query.items() if value is not NOT_SET}, doseq=True)
    return f"{path}?{asked}" if asked else path


def sent_of(world: Any, case: Any, known: bool) -> tuple[Any, str]:
    body = case.body
    if body is NOT_SET:
        return b"", "application/octet-stream"
    if case.path in WAITS and isinstance(body, dict):
        body = {**body, "stream": True, **({"model": world.parameters["slug"]} if known else {})}
    if case.media_type == "multipart/form-data" and isinstance(body, dict):
        return encode_multipart(
            BOUNDARY, {name: part(value) for name, value in body.items()}
        ), MULTIPART_CONTENT
    if isinstance(body, bytes):
        return body, case.media_type or "application/octet-stream"
    return json.dumps(body, default=str).encode(errors="replace"), "application/json"


def part(value: Any) -> Any:
    if isinstance(value, bytes):
        return SimpleUploadedFile("file.bin", value)
    if isinstance(value, list):
        return [part(each) for each in value]
    return value if isinstance(value, str) else json.dumps(value, default=str)
