"""What the documents say of the HTTP API is so: paths exist, nothing is left out, the examples run."""

import os
import re
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve

from flowbuilder.api import api, openai_api
from flowbuilder.asgi import websocket_urlpatterns

ROOT = settings.BASE_DIR
GUIDE = ROOT / "docs" / "http-api.md"
NAMED = re.compile(r"`(GET|POST|PUT|PATCH|DELETE|WS) (/[^\s`?]*)`")
PATH = re.compile(r"[`\"](?:(?:GET|POST|PUT|PATCH|DELETE|WS) )?(/(?:api|v1|ws|healthz)\b[^\s`\"?]*)")
PARAMETER = re.compile(r"{[^}]+}|\$[A-Z]+")
NUMBERED = {
    "{number}",
    "{row_id}",
    "{pair}",
    "{question}",
    "{passage_id}",
    "{passage['id']}",
    "{case_id}",
    "{member_id}",
}
BLOCK = re.compile(r"^```(python|sh)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
OUTSIDE_THE_DOCUMENT = {("GET", "/healthz"), ("GET", "/api/openapi.json")}
IN_PREFIXES = {"/api/", "/v1/"}


def operations() -> set[tuple[str, str]]:
    """Method and path of everything in the OpenAPI documents."""
    return {
        (method.upper(), path)
        for mounted, prefix in ((api, "/api/"), (openai_api, "/v1/"))
        for path, found in mounted.get_openapi_schema(path_prefix=prefix)["paths"].items()
        for method in found
    }


def sockets() -> set[tuple[str, str]]:
    paths = [re.sub(r"<\w+:(\w+)>", r"{\1}", str(found.pattern)) for found in websocket_urlpatterns]
    return {("WS", f"/{path}") for path in paths}


def test_every_operation_of_the_guide_exists():
    named = set(NAMED.findall(GUIDE.read_text()))
    unknown = named - operations() - sockets() - OUTSIDE_THE_DOCUMENT
    assert not unknown, f"docs/http-api.md names what there is not: {sorted(unknown)}"


def test_every_operation_is_in_the_guide():
    missing = (operations() | sockets() | OUTSIDE_THE_DOCUMENT) - set(NAMED.findall(GUIDE.read_text()))
    assert not missing, f"docs/http-api.md does not name {sorted(missing)}; add each to its table."


@pytest.mark.parametrize(
    "document", [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))], ids=lambda path: path.name
)
def test_every_path_of_a_document_exists(document: Path):
    paths = set(PATH.findall(document.read_text())) - IN_PREFIXES - {"/api", "/v1"}
    unknown = [path for path in sorted(paths) if not exists(PARAMETER.sub(example, path))]
    assert not unknown, f"{document.name} names paths that there are not: {unknown}"


def example(parameter: "re.Match[str]") -> str:
    """Rows, prompts, passages and cases are numbered; everything else has a UUID, or a name that may look like one."""
    return "1" if parameter[0] in NUMBERED else str(uuid.UUID(int=1))


def exists(path: str) -> bool:
    if any(found.pattern.match(path.lstrip("/")) for found in websocket_urlpatterns):
        return True
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def blocks(language: str) -> Iterator[str]:
    return (code for kind, code in BLOCK.findall(GUIDE.read_text()) if kind == language)


@pytest.mark.integration
@pytest.mark.slow
def test_the_examples_run(live_app, monkeypatch):
    """The Python of the whole page as one program, then its curl commands."""
    monkeypatch.setenv("FLOWBUILDER_URL", live_app.url)
    monkeypatch.setenv("FLOWBUILDER_API_KEY", live_app.key)
    known: dict = {}
    for code in blocks("python"):
        exec(compile(code, str(GUIDE), "exec"), known)
    assert known["job"]["status"] == "finished", known["job"]
    shell = {"RUN": known["run"]["id"], "BASE": known["base"]["id"], **os.environ}
    for code in list(blocks("sh"))[1:]:
        command = f"set -euo pipefail\n{code.replace('curl ', 'curl --fail ')}"
        said = subprocess.run(["bash", "-c", command], env=shell, cwd=ROOT, capture_output=True, text=True)
        assert said.returncode == 0, said.stderr
        assert "run.finished" in said.stdout or "queued" in said.stdout, said.stdout
