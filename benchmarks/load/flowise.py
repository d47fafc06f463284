"""A Flowise server as it comes from npm: started in a folder of its own, with the same flows as ours.

It keeps everything in SQLite, as ours does here. ``FOLDER`` is where npm's package ``flowise`` was installed; README.md says how.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from tests.installation import free_port, wait_until

PASSWORD = "Correct-horse-9"
EMAIL = "owner@example.test"


@dataclass(frozen=True)
class Flowise:
    url: str
    process: int

    def publish(self, name: str, steps: list[dict[str, Any]]) -> str:
        """An agentflow of these steps, one after another, that anybody may ask; its id."""
        wires = [wire(before, after) for before, after in pairwise(steps)]
        drawn = json.dumps({"nodes": steps, "edges": wires})
        flow = {"name": name, "type": "AGENTFLOW", "deployed": True, "flowData": drawn}
        # Cookies of a production server travel over TLS alone; it believes the proxy that says so.
        told = {"x-request-from": "internal", "x-forwarded-proto": "https"}
        with httpx.Client(base_url=self.url, headers=told, timeout=60) as client:
            login = client.post("/api/v1/auth/login", json={"email": EMAIL, "password": PASSWORD})
            cookies = (
                cookie.split(";")[0] for cookie in login.raise_for_status().headers.get_list("set-cookie")
            )
            answer = client.post("/api/v1/chatflows", json=flow, headers={"Cookie": "; ".join(cookies)})
            return str(answer.raise_for_status().json()["id"])


@contextmanager
def flowise(folder: Path) -> Iterator[Flowise]:
    """Started, with an owner, and stopped again."""
    with TemporaryDirectory() as home:
        port = free_port()
        command = ["node", str(folder / "node_modules" / "flowise" / "bin" / "run"), "start"]
        log = (Path(home) / "log").open("wb")
        process = subprocess.Popen(command, cwd=home, env=variables(home, port), stdout=log, stderr=log)
        server = Flowise(f"http://127.0.0.1:{port}", process.pid)
        try:
            wait_until(lambda: answers(server.url), seconds=300, what="Flowise")
            owner = {"name": "Owner", "email": EMAIL, "credential": PASSWORD}
            httpx.post(f"{server.url}/api/v1/account/register", json={"user": owner}).raise_for_status()
            yield server
        finally:
            process.terminate()
            process.wait(60)


def variables(home: str, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "NODE_ENV": "production",
        "HOME": home,
        "PORT": str(port),
        "DATABASE_TYPE": "sqlite",
        "DATABASE_PATH": home,
        "DISABLE_FLOWISE_TELEMETRY": "true",
        # The stand-in for a model answers on this machine, which an address of a chat model may not be otherwise.
        "HTTP_SECURITY_CHECK": "false",
        "FLOWISE_SECRETKEY_OVERWRITE": secrets.token_hex(16),
        "JWT_AUTH_TOKEN_SECRET": secrets.token_hex(16),
        "JWT_REFRESH_TOKEN_SECRET": secrets.token_hex(16),
    }


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/v1/ping", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def echo() -> list[dict[str, Any]]:
    return [step("startAgentflow", startInputType="chatInput"), reply("{{ question }}")]


def model(host: str) -> list[dict[str, Any]]:
    """The stand-in, by the chat model that Flowise has for OpenAI-compatible servers without a key."""
    asked = {"modelName": "stand-in", "basePath": f"http://{host}/v1", "temperature": 0, "streaming": False}
    inputs = {
        "llmModel": "chatLocalAI",
        "llmModelConfig": {"credential": "", "llmModel": "chatLocalAI", **asked},
        "llmMessages": [],
        "llmEnableMemory": False,
        "llmReturnResponseAs": "userMessage",
    }
    start = step("startAgentflow", startInputType="chatInput")
    return [start, step("llmAgentflow", **inputs), reply("{{ llmAgentflow_0 }}")]


def reply(words: str) -> dict[str, Any]:
    return step("directReplyAgentflow", directReplyMessage=words)


def step(name: str, **inputs: Any) -> dict[str, Any]:
    number = f"{name}_0"
    parameters = [{"label": each, "name": each, "type": "string", "acceptVariable": True} for each in inputs]
    told = {
        "id": number,
        "name": name,
        "label": name,
        "type": "Step",
        "version": 1,
        "category": "Agent Flows",
    }
    told |= {
        "inputs": inputs,
        "inputParams": parameters,
        "inputAnchors": [],
        "outputAnchors": [],
        "outputs": {},
    }
    return {"id": number, "type": "agentFlow", "position": {"x": 0, "y": 0}, "data": told}


def wire(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    source, target = before["id"], after["id"]
    ends = {"sourceHandle": f"{source}-output-{before['data']['name']}", "targetHandle": target}
    return {
        "id": f"{source}-{target}",
        "source": source,
        "target": target,
        "type": "agentFlow",
        "data": {},
        **ends,
    }
