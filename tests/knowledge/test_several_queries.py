"""In a running installation: a question goes out in several wordings, and what each finds is fused."""

import time

import pytest

from tests.installation import wait_until

pytestmark = [pytest.mark.integration, pytest.mark.slow]
TEXTS = {
    "locker": "# Locker\n\nA locker is a cabinet from which people fetch parcels.",
    "depot": "# Depot\n\nThe depot opens at six, and vans are loaded there.",
}


def test_the_template_finds_what_the_question_is_about(live_app):
    with live_app.client() as client:
        base = client.post("/api/knowledge", json={"name": f"Words {time.time()}"}).json()["id"]
        for text in TEXTS.values():
            made = client.post(f"/api/knowledge/{base}/texts", json={"text": text}).json()
            wait_until(
                lambda made=made: client.get(f"/api/documents/{made['id']}").json()["status"] == "ready",
                seconds=120,
                what="a document",
            )
        flow = client.post("/api/flows", json={"name": "Words", "template": "search-in-other-words"}).json()
        for node in flow["graph"]["nodes"]:
            if node["type"] == "knowledge.retrieve_several":
                node["settings"]["base"] = base
        path = f"/api/flows/{flow['id']}"
        client.put(path, json={"graph": flow["graph"], "revision": flow["revision"]}).raise_for_status()
        run = client.post(
            f"{path}/runs", json={"inputs": {"question": "Where do people fetch parcels?"}}
        ).json()

        def ended():
            row = client.get(f"/api/runs/{run['id']}").json()
            return row if row["status"] in {"finished", "failed"} else None

        row = wait_until(ended, seconds=120, what="the run")
    assert row["status"] == "finished", row
    assert (
        row["reply"].startswith("[1] ")
        and "a cabinet from which people fetch" in row["reply"].split("[2]")[0]
    )
