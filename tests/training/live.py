"""Flows that train in an installation of their own: what the tests of them ask and look at."""

import json
import threading

import psutil

from flowbuilder.flows.gallery import template
from tests.installation import Installation, wait_until


def rlhf(steps: int) -> dict:
    """The template's graph with shorter trainings."""
    graph = json.loads(json.dumps(template("rlhf-in-three-steps").graph))
    for node in graph["nodes"]:
        if "steps" in node.get("settings", {}):
            node["settings"]["steps"] = steps
        if node["type"] == "training.fine_tune":
            node["settings"] |= {"prompts_per_step": 2, "answers_per_prompt": 4, "max_new_tokens": 32}
    return graph


class Follower(threading.Thread):
    """Reads a run's events until its end."""

    def __init__(self, app: Installation, run: str) -> None:
        super().__init__(daemon=True)
        self.app, self.run_id, self.events = app, run, []
        self.start()

    def run(self) -> None:
        with (
            self.app.client() as client,
            client.stream("GET", f"/api/runs/{self.run_id}/events", timeout=300) as lines,
        ):
            self.events += [json.loads(line[6:]) for line in lines.iter_lines() if line.startswith("data: ")]


def ended(client, run: str) -> dict | None:
    state = client.get(f"/api/runs/{run}").json()
    return state if state["status"] in {"finished", "failed", "cancelled"} else None


def jobs_of(client, run: str) -> list[dict]:
    return [job for job in client.get("/api/jobs").json() if job["run"] == run]


def recipes_below(app: Installation) -> list[psutil.Process]:
    found = []
    for process in psutil.Process(app.process.pid).children(recursive=True):
        try:
            if any("training.recipes" in part for part in process.cmdline()):
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


def made(client, order: dict) -> dict:
    """The job that was ordered, once it has ended well."""
    answer = client.post("/api/jobs", json=order)
    assert answer.status_code == 202, answer.text
    path = f"/api/jobs/{answer.json()['id']}"
    job = wait_until(
        lambda: (job := client.get(path).json())["status"] in {"finished", "failed"} and job,
        seconds=180,
        what="the job's end",
    )
    assert job["status"] == "finished", job["error"]
    return job
