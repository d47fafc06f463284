"""A flow that trains: the run waits without a worker, the figures stream, what was learned answers."""

import pytest

from tests.installation import wait_until
from tests.training.live import Follower, ended, jobs_of, made, recipes_below, rlhf

pytestmark = [pytest.mark.integration, pytest.mark.slow]


def test_rlhf_in_three_steps_from_pairs_to_a_report(app, client, start_run):
    run = start_run(rlhf(steps=6))
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


def test_what_cannot_be_trained_is_refused_with_the_reason(client):
    body = {"recipe": "grpo", "model": "nope", "data": {"prompts": [{"prompt": "x"}], "rewards": []}}
    assert "no model 'nope'" in client.post("/api/jobs", json=body).json()["error"]["message"]
    body |= {"model": "starter"}
    assert "Nothing says" in client.post("/api/jobs", json=body).json()["error"]["message"]
    body |= {"settings": {"steps": 0}}
    assert "'steps'" in client.post("/api/jobs", json=body).json()["error"]["message"]


def reply(client, start_run, type_: str, model: str, port: str) -> str:
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
    run = start_run(graph, {"question": "Send me van 3."})
    state = wait_until(lambda: ended(client, run), seconds=60, what="the run's end")
    assert state["status"] == "finished", state
    return state["reply"]


def test_a_model_is_trained_from_nothing_and_answers(client, start_run):
    texts = [f"Send me van {number}. It is at gate {number}." for number in range(40)]
    settings = {"name": "mine", "size": "tiny", "steps": 40, "vocab_size": 320, "batch_tokens": 512}
    job = made(client, {"recipe": "pretrain", "settings": settings, "data": {"texts": texts}})
    assert (job["base"], job["result"]) == (None, "mine@1") and job["samples"]
    perplexities = [row["held_out_perplexity"] for row in job["metrics"] if "held_out_perplexity" in row]
    assert perplexities and perplexities[-1] < 320
    # What it says is drawn, and so small a model may draw the end first.
    assert any(reply(client, start_run, "language.local_model", "mine", "prompt") for _ in range(6))


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


def test_a_classifier_is_trained_and_asked(client, start_run):
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
    assert reply(client, start_run, "language.classify", "starter-classifier", "text") == "order"
