"""A flow that trains: the run waits without a worker, the figures stream, a killed job goes on."""

import json
import signal
import threading

import psutil
import pytest

from flowbuilder.flows.gallery import template
from tests.installation import Installation, free_port, wait_until

pytestmark = [pytest.mark.integration, pytest.mark.slow]


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """An installation of its own: these tests kill its workers."""
    installation = Installation(home=tmp_path_factory.mktemp("training"), port=free_port())
    installation.start()
    yield installation
    installation.stop()


@pytest.fixture
def client(app):
    with app.client() as client:
        yield client


def rlhf(steps: int) -> dict:
    """The template's graph with shorter trainings."""
    graph = json.loads(json.dumps(template("rlhf-in-three-steps").graph))
    for node in graph["nodes"]:
        if "steps" in node.get("settings", {}):
            node["settings"]["steps"] = steps
        if node["type"] == "training.fine_tune":
            node["settings"] |= {"prompts_per_step": 2, "answers_per_prompt": 4, "max_new_tokens": 32}
    return graph


@pytest.fixture
def start(client):
    flow = client.post("/api/flows", json={"name": "RLHF", "template": "rlhf-in-three-steps"}).json()

    def start(graph: dict, inputs: dict | None = None) -> str:
        answer = client.post(f"/api/flows/{flow['id']}/runs", json={"inputs": inputs or {}, "graph": graph})
        assert answer.status_code == 202, answer.text
        return answer.json()["id"]

    return start


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


def test_rlhf_in_three_steps_from_pairs_to_a_report(app, client, start):
    run = start(rlhf(steps=6))
    follower = Follower(app, run)
    wait_until(
        lambda: client.get(f"/api/runs/{run}").json()["status"] == "waiting", seconds=30, what="the wait"
    )
    state = wait_until(lambda: ended(client, run), seconds=180, what="the run's end")
    assert state["status"] == "finished", state
    assert "starter@2" in state["reply"] and "Mean reward" in state["reply"]
    follower.join(20)
    reports = [e for e in follower.events if e["type"] == "node.report" and "step" in e["data"]]
    assert {event["node"] for event in reports} == {"reward_1", "tune_1"}
    assert {"reward", "kl"} <= max(reports, key=lambda event: event["seq"])["data"].keys()
    numbers = [event["seq"] for event in follower.events]
    assert numbers == list(range(1, len(numbers) + 1))
    tune, reward = jobs_of(client, run)
    assert (tune["result"], reward["result"]) == ("starter@2", "starter-reward@1")
    kinds = {row["ref"]: row["kind"] for row in client.get("/api/models").json()}
    assert kinds == {"starter@1": "causal", "starter@2": "causal", "starter-reward@1": "reward"}
    shown = client.get(f"/api/jobs/{tune['id']}").json()
    assert [row["step"] for row in shown["metrics"]] == [1, 2, 3, 4, 5, 6] and shown["samples"]


def test_a_killed_training_worker_s_job_goes_on_from_its_checkpoint(app, client, start):
    graph = rlhf(steps=24)
    run = start(graph)

    def step() -> int:
        return next((job["step"] for job in jobs_of(client, run) if job["recipe"] == "grpo"), 0)

    wait_until(lambda: step() >= 12, seconds=240, what="the twelfth step")
    (recipe,) = recipes_below(app)
    worker = recipe.parent()
    worker.send_signal(signal.SIGKILL)
    psutil.wait_procs([recipe], timeout=10)
    assert not recipe.is_running() or recipe.status() == psutil.STATUS_ZOMBIE
    state = wait_until(lambda: ended(client, run), seconds=240, what="the run's end")
    assert state["status"] == "finished", state
    job = next(job for job in jobs_of(client, run) if job["recipe"] == "grpo")
    log = (app.home / "jobs" / job["id"] / "log").read_text()
    assert "Resuming" in log or "checkpoint" in log
    metrics = client.get(f"/api/jobs/{job['id']}").json()["metrics"]
    assert [row["step"] for row in metrics] == list(range(1, 25))


def test_a_paused_training_waits_goes_on_and_its_run_ends(client, start):
    run = start(rlhf(steps=24))
    job = wait_until(
        lambda: next(
            (job for job in jobs_of(client, run) if job["recipe"] == "grpo" and job["step"] >= 3), None
        ),
        seconds=240,
        what="the third step",
    )
    assert client.post(f"/api/jobs/{job['id']}/pause").status_code == 202

    def now() -> dict:
        return client.get(f"/api/jobs/{job['id']}").json()

    paused = wait_until(lambda: now() if now()["status"] == "paused" else None, seconds=60, what="the pause")
    assert 3 <= paused["step"] < 24 and client.get(f"/api/runs/{run}").json()["status"] == "waiting"
    assert not [device for device in client.get("/api/devices").json() if device["busy"]]
    assert client.post(f"/api/jobs/{job['id']}/resumption").status_code == 202
    state = wait_until(lambda: ended(client, run), seconds=240, what="the run's end")
    assert state["status"] == "finished", state
    steps = [row["step"] for row in now()["metrics"]]
    assert steps == list(range(1, 25)) and now()["seconds_left"] is None


def test_the_highest_priority_trains_first(client):
    order = {"recipe": "sft", "settings": {"steps": 3, "samples_every": 0, "batch_size": 1}}
    order["data"] = {"examples": [{"prompt": f"Say {n}.", "completion": str(n)} for n in range(4)]}
    first, second, third = (
        client.post("/api/jobs", json={**order, "priority": priority}).json()["id"] for priority in (0, 0, 9)
    )

    def rows() -> dict:
        return {job["id"]: job for job in client.get("/api/jobs").json()}

    wait_until(
        lambda: all(rows()[id_]["ended_at"] for id_ in (first, second, third)), seconds=180, what="all ends"
    )
    started = {id_: rows()[id_]["started_at"] for id_ in (first, second, third)}
    assert started[third] < started[second] and rows()[second]["status"] == "finished"


def test_cancelling_the_run_stops_its_training(app, client, start):
    run = start(rlhf(steps=400))
    wait_until(lambda: recipes_below(app), seconds=60, what="the training")
    client.post(f"/api/runs/{run}/cancellation").raise_for_status()
    wait_until(lambda: not recipes_below(app), seconds=15, what="the training's end")
    (job,) = jobs_of(client, run)
    wait_until(lambda: jobs_of(client, run)[0]["status"] == "cancelled", seconds=10, what="the job's end")
    assert client.post(f"/api/jobs/{job['id']}/resumption").status_code == 202
    wait_until(lambda: recipes_below(app), seconds=30, what="the resumed training")
    client.post(f"/api/jobs/{job['id']}/cancellation").raise_for_status()
    wait_until(lambda: not recipes_below(app), seconds=15, what="the second end")


def test_what_cannot_be_trained_is_refused_with_the_reason(client):
    body = {"recipe": "grpo", "model": "nope", "data": {"prompts": [{"prompt": "x"}], "rewards": []}}
    assert "no model 'nope'" in client.post("/api/jobs", json=body).json()["error"]["message"]
    body |= {"model": "starter"}
    assert "Nothing says" in client.post("/api/jobs", json=body).json()["error"]["message"]
    body |= {"settings": {"steps": 0}}
    assert "'steps'" in client.post("/api/jobs", json=body).json()["error"]["message"]


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


def reply(client, start, type_: str, model: str, port: str) -> str:
    """What a flow answers whose one node asks a model."""
    nodes = [("start", "flow.start", {}), ("ask", type_, {"model": model}), ("end", "flow.reply", {})]
    graph = {
        "nodes": [{"id": name, "type": kind, "settings": settings} for name, kind, settings in nodes],
        "wires": [
            {"id": "a", "source": "start", "source_port": "out", "target": "ask", "target_port": port},
            {"id": "b", "source": "ask", "source_port": "out", "target": "end", "target_port": "content"},
        ],
        "notes": [],
    }
    run = start(graph, {"question": "Send me van 3."})
    state = wait_until(lambda: ended(client, run), seconds=60, what="the run's end")
    assert state["status"] == "finished", state
    return state["reply"]


def test_a_model_is_trained_from_nothing_and_answers(client, start):
    texts = [f"Send me van {number}. It is at gate {number}." for number in range(40)]
    settings = {"name": "mine", "size": "tiny", "steps": 40, "vocab_size": 320, "batch_tokens": 512}
    job = made(client, {"recipe": "pretrain", "settings": settings, "data": {"texts": texts}})
    assert (job["base"], job["result"]) == (None, "mine@1") and job["samples"]
    perplexities = [row["held_out_perplexity"] for row in job["metrics"] if "held_out_perplexity" in row]
    assert perplexities and perplexities[-1] < 320
    # What it says is drawn, and so small a model may draw the end first.
    assert any(reply(client, start, "language.local_model", "mine", "prompt") for _ in range(6))


def test_two_processes_share_one_job(app, client):
    examples = [{"prompt": f"Say {number}.", "completion": str(number)} for number in range(16)]
    settings = {"steps": 12, "batch_size": 4, "held_out": 0}
    order = {"recipe": "sft", "settings": settings, "data": {"examples": examples}, "processes": 2}
    several: list[int] = []

    def count_and_look() -> list[int]:
        several.append(len(recipes_below(app)))
        return several

    path = f"/api/jobs/{client.post('/api/jobs', json=order).json()['id']}"
    wait_until(
        lambda: count_and_look() and client.get(path).json()["status"] in {"finished", "failed"},
        seconds=180,
        what="the job's end",
    )
    job = client.get(path).json()
    assert job["status"] == "finished", job["error"]
    assert (job["processes"], len(job["metrics"])) == (2, 12) and job["result"].startswith("starter@")
    assert max(several) == 3  # the two, and torchrun, which names the recipe as well


def test_a_classifier_is_trained_and_asked(client, start):
    labelled = [
        {"text": f"{word} van {number}.", "label": label}
        for label, word in (("question", "Where is"), ("order", "Send me"))
        for number in range(10)
    ]
    settings = {"steps": 20, "learning_rate": 1e-3, "batch_size": 4}
    job = made(client, {"recipe": "classifier", "settings": settings, "data": {"labelled": labelled}})
    assert job["result"] == "starter-classifier@1"
    kinds = {row["ref"]: row["kind"] for row in client.get("/api/models").json()}
    assert kinds["starter-classifier@1"] == "classifier"
    assert reply(client, start, "language.classify", "starter-classifier", "text") == "order"
