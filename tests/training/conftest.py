"""A small model that learns within seconds; jobs; a recipe that is a script of the test's own."""

import functools
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from flowbuilder.modelhub.starter_folder import STARTER
from flowbuilder.training import gpus, memory, services
from flowbuilder.training.models import Job

RULES = {"prompts": [{"prompt": "Say 1."}], "rewards": [{"kind": "length", "most": 5}]}


@pytest.fixture(autouse=True)
def _the_same_dice() -> None:
    """Whatever ran before in this process: what a test draws itself is the same in each run."""
    if torch := sys.modules.get("torch"):
        torch.manual_seed(0)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    """A folder with a GPT-2 of a few thousand random weights and the starter's tokenizer."""
    import torch
    from transformers import AutoTokenizer, GPT2Config, GPT2LMHeadModel

    folder = tmp_path_factory.mktemp("tiny")
    tokenizer = AutoTokenizer.from_pretrained(STARTER)
    torch.manual_seed(0)
    shape = {"n_embd": 16, "n_layer": 1, "n_head": 2, "n_positions": 128}
    ends = {
        "bos_token_id": None,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    GPT2LMHeadModel(GPT2Config(vocab_size=len(tokenizer), **shape, **ends)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture
def start(workspace):
    """Order a job; what is not named is a short GRPO of the starter model."""

    def start(**fields) -> Job:
        order = {"recipe": "grpo", "model": "starter", "settings": {"steps": 3}, "data": RULES, **fields}
        return services.start_job(workspace_id=workspace.pk, **order)

    return start


SCRIPT = """#!{python} -S
import json, os, signal, sys, time

def say(event, **line):
    print(json.dumps({{"event": event, **line}}), flush=True)

def pausing(*_):
    say("metrics", step=2, steps=3, reward=0.7)
    say("paused", step=2)
    os._exit(0)

def listen(does):
    signal.signal(signal.SIGTERM, does)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])

def go_on():
    while True:
        time.sleep(0.02)

{lines}
"""


@pytest.fixture
def recipe(tmp_path, monkeypatch):
    """``recipe(*lines)``: every recipe is a script of these lines, with what ``SCRIPT`` offers them."""

    def recipe(*lines: str) -> None:
        script = tmp_path / "recipe"
        script.write_text(SCRIPT.format(python=sys.executable, lines="\n".join(lines)))
        script.chmod(0o755)
        monkeypatch.setattr("flowbuilder.training.child.sys", SimpleNamespace(executable=str(script)))

    return recipe


def make_gpus(folder: Path, count: int, memory: int = 81559) -> None:
    """An ``nvidia-smi`` in the folder that tells of so many."""
    rows = "\n".join(f"{index}, GPU-{index}{index}, NVIDIA Test, {memory}" for index in range(count))
    (folder / "nvidia-smi").write_text(f"#!/bin/sh\ncat <<'END'\n{rows}\nEND\n")
    (folder / "nvidia-smi").chmod(0o755)


@pytest.fixture
def with_gpus(tmp_path, monkeypatch):
    """``with_gpus(2)``: this machine has two, and a torch that could use them."""

    def with_gpus(count: int) -> None:
        make_gpus(tmp_path, count)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
        monkeypatch.setattr(gpus.importlib.metadata, "version", lambda name: "2.13.0")
        memory.gpu_memory.cache_clear()

    yield with_gpus
    memory.gpu_memory.cache_clear()


@pytest.fixture(scope="session")
def whole(tiny_model, tmp_path_factory):
    """``whole(kind)`` is the folder of a job of that kind which nothing disturbed."""
    from tests.training.small_jobs import run

    @functools.cache
    def folder(kind: str):
        made = tmp_path_factory.mktemp("whole")
        run(kind, made, tiny_model, steps=6)
        return made

    return folder


@pytest.fixture(scope="module")
def app(breakable_app):
    """Each module in a workspace of its own, whose models it numbers."""
    return breakable_app.newcomer()


@pytest.fixture
def client(app):
    with app.client() as client:
        yield client


@pytest.fixture
def start_run(client):
    """``start_run(graph, inputs)`` begins a run of it; the run's id."""
    flow = client.post("/api/flows", json={"name": "RLHF", "template": "rlhf-in-three-steps"}).json()

    def start(graph: dict, inputs: dict | None = None) -> str:
        answer = client.post(f"/api/flows/{flow['id']}/runs", json={"inputs": inputs or {}, "graph": graph})
        assert answer.status_code == 202, answer.text
        return answer.json()["id"]

    return start
