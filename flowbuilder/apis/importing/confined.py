"""``python -m flowbuilder.apis.importing.confined < order``: reads and checks a document, prints its operations.

A process of its own, with limits on memory and time, that opens no connection: a hostile document takes down this
process only.
"""

from __future__ import annotations

import json
import resource
import socket
import subprocess
import sys
from types import ModuleType
from typing import Any

from flowbuilder.apis.importing.refusal import Refused
from flowbuilder.storable import storable

SECONDS = 30
MEMORY = 2 * 2**30
BYTES = 5 * 2**20
PRINTED = 64 * 2**20
KINDS = "an OpenAPI 3.0 or 3.1 document, Swagger 2.0, a Postman collection (2.0 or 2.1), all as JSON or YAML, or a curl command"


def understood(text: str, example: str = "") -> dict[str, Any]:
    """``{source, title, version, description, document, operations}``; ``Refused`` says why there are none."""
    if len(text.encode(errors="replace")) > BYTES:
        raise Refused(f"A description may have {BYTES // 2**20} MB.")
    order = json.dumps({"text": text, "example": example}).encode()
    command = [sys.executable, "-m", __name__]
    try:
        finished = subprocess.run(command, input=order, capture_output=True, timeout=2 * SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Refused(f"Reading it took longer than {2 * SECONDS} s.") from error
    if finished.returncode:
        raise Refused("It takes too much time or memory to read; import a part of it.")
    said: dict[str, Any] = json.loads(finished.stdout)
    if "refused" in said:
        raise Refused(said["refused"])
    return said


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    socket.socket = _no_connection  # type: ignore[assignment,misc]
    order = json.loads(sys.stdin.buffer.read())
    try:
        said = read(order["text"], order["example"])
    except Refused as refused:
        said = {"refused": str(refused)}
    except RecursionError:
        said = {"refused": "It is nested too deeply."}
    written = json.dumps(said)
    if len(written) > PRINTED:
        written = json.dumps({"refused": "Its operations unfold into more than 64 MB; divide it."})
    sys.stdout.write(written)


def read(text: str, example: str) -> dict[str, Any]:
    from flowbuilder.apis.importing import curl, openapi, postman, reading, swagger
    from flowbuilder.apis.importing.local import check_references, without_ids

    source, text, example = "curl", storable(text), storable(example)
    if curl.is_curl(text):
        document = curl.converted(text, example)
    else:
        data = reading.read(text)
        if not isinstance(data, dict):
            raise Refused(f"This is none of what can be imported: {KINDS}.")
        check_references(data)
        if "openapi" in data:
            source, document = f"OpenAPI {str(data['openapi'])[:3]}", without_ids(data)
        elif str(data.get("swagger", ""))[:1] == "2":
            source, document = "Swagger 2.0", _converted(swagger, without_ids(data))
        elif isinstance(data.get("info"), dict) and "item" in data:
            source, document = "Postman", _converted(postman, data)
        else:
            raise Refused(f"This is none of what can be imported: {KINDS}.")
    openapi.check(document)
    info = document["info"]
    return {
        "source": source,
        "title": str(info.get("title", ""))[:200],
        "version": str(info.get("version", ""))[:50],
        "description": str(info.get("description", "")),
        "document": document,
        "operations": openapi.operations_of(document),
    }


def _converted(dialect: ModuleType, data: dict[str, Any]) -> dict[str, Any]:
    """What is not as its format has it stops the conversion; the reason is looked for then."""
    try:
        converted: dict[str, Any] = dialect.converted(data)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise dialect.fault_in(data) from error
    return converted


def _no_connection(*_: Any, **__: Any) -> Any:
    raise OSError("A description is read without any connection.")


if __name__ == "__main__":
    main()
