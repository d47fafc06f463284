"""Models of many architectures, made from their configurations, each added to an installation and run in a flow."""

import pytest

from tests.installation import wait_until
from tests.modelhub.tiny import recurrent

pytestmark = [pytest.mark.integration]
RECURRENT = ("rwkv", "mamba", "xlstm")
OTHERS = ("gpt2", "t5")


@pytest.fixture(scope="module")
def shelf(live_app, tokenizer, make_model):
    """The models in folders on the installation's model shelf."""
    ends = {"eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id}
    made = {kind: recurrent(kind, len(tokenizer), **ends) for kind in RECURRENT}
    made |= {kind: make_model(kind) for kind in OTHERS}
    for kind, model in made.items():
        folder = live_app.home / "shelf" / f"tiny-{kind}"
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)


def asking(model: str) -> dict:
    settings = {"model": model, "temperature": 0, "max_new_tokens": 6}
    nodes = [
        {"id": "start", "type": "flow.start"},
        {"id": "ask", "type": "language.local_model", "settings": settings},
        {"id": "reply", "type": "flow.reply"},
    ]
    wires = [
        {"id": "1", "source": "start", "target": "ask", "target_port": "prompt"},
        {"id": "2", "source": "ask", "target": "reply", "target_port": "content"},
    ]
    return {"nodes": nodes, "wires": wires}


@pytest.mark.parametrize("kind", [*RECURRENT, *OTHERS])
def test_it_is_added_from_its_folder_and_answers_in_a_flow(live_app, shelf, kind):
    name = f"tiny-{kind}"
    with live_app.client() as client:
        added = client.post("/api/models", json={"name": name, "source": "folder", "location": name}).json()

        def ended():
            row = client.get(f"/api/models/{added['id']}").json()
            return row if row["status"] in {"ready", "failed"} else None

        version = wait_until(ended, seconds=60, what=f"adding {name}")
        assert version["status"] == "ready", version
        assert version["kind"] == ("seq2seq" if kind == "t5" else "causal")
        flow = client.post("/api/flows", json={"name": name}).json()
        saved = client.put(
            f"/api/flows/{flow['id']}", json={"graph": asking(name), "revision": flow["revision"]}
        )
        saved.raise_for_status()
        run = client.post(
            f"/api/flows/{flow['id']}/runs", json={"inputs": {"question": "Make a van."}}
        ).json()

        def over():
            row = client.get(f"/api/runs/{run['id']}").json()
            return row if row["status"] in {"finished", "failed"} else None

        answered = wait_until(over, seconds=90, what=f"a run of {name}")
        assert answered["status"] == "finished", answered
        events = client.get(f"/api/runs/{run['id']}/events").text
    assert '"completion_tokens"' in events
