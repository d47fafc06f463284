"""Every template of the gallery is opened, run with its own example, and answers what it says."""

import json
import re

import pytest

from flowbuilder.flows.gallery import templates
from tests.flows.test_gallery_prepared import ANSWERS as PREPARED
from tests.installation import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.integration]

ELSEWHERE = {
    "a-model-served-elsewhere": "tests/modelhub/test_remote_template.py, with a server on this machine",
    "search-in-other-words": "tests/knowledge/test_several_queries.py, with documents",
    "protocol-mock-bot": "tests/browser/test_first_flow.py, with documents",
    "rlhf-in-three-steps": "tests/training/test_jobs_disturbed.py, with shorter trainings",
}
ANSWERS = {
    "a-group-of-nodes": r"^3 words: One two three$",
    "a-record-for-each-line": r'"parcel_id": .*"vehicle_id": .*"driver_id": ',
    "an-agent-with-tools": r"",
    "another-program-calls": r"^Hold P-17 at Graz$",
    "approve-before-it-goes-out": r"^Sent:\n\nDear customers,\n\nThe depot in Graz is closed on Friday\.",
    "check-digit": r"the number is 12345678905\.$",
    "count-per-conversation": r"^This is question 1 of our conversation: Hello$",
    "delivery-date": r"Wednesday, 04 March 2026",
    "describe-a-record": r'^\{"',
    "examples-like-the-question": r"^system: Say what to do.*S-9.*Track the parcel: S-9\nuser: Where is my shipment S-4\?$",
    "every-morning": r"^Good morning! Today is \w+day\.$",
    "form-to-record": r'^\{"parcel": ?\{"to": ?"Ada Lovelace"',
    "hello": r"^Hello, Ada!$",
    "keep-personal-data-out": r"^To the desk: I am \[e-mail\], my card is \[card\]\. Where is my parcel\?$",
    "look-inside-a-model": r"^\d+\.\d%\t",
    "repeat-until-it-holds": r"^It ended at 1\.$",
    "report-from-a-table": r"\| Wien \| 310 \| 22 \|\n\| Graz \| 200 \| 5 \|\n\| Linz \| 95 \| 0 \|",
    "route-by-meaning": r"^Complaints desk: ",
    "route-by-words": r"^To the billing desk: ",
    "score-an-answer": r"^Score 1\.000$",
    "score-and-pick": r'"parcel_id"',
    "shared-counter": r"^Scans so far: 1",
    "side-by-side": r"^12 words\nlongest word: \w+\n41 letters$",
    "summarise-a-long-text": r"",
    "take-json-apart": r'^\{"shipment": ?"S-9", ?"heavy": ?\["P2"\]\}$',
    "translate-with-your-terms": r"",
    "wait-and-go-on": r"^A moment ago you said: Call the depot\.$",
    "what-was-said-before": r"\S",
    "when-a-step-fails": r"^That cannot be worked out: .*zero",
}


def test_every_template_is_run():
    slugs = {template.slug for template in templates()}
    assert slugs == set(ANSWERS) | set(ELSEWHERE) | set(PREPARED)
    assert len(slugs) >= 20


@pytest.fixture(scope="module")
def runs(live_app):
    """All at once: slug -> id of its run."""
    with live_app.client() as client:
        started = {}
        for template in templates():
            if template.slug not in ANSWERS:
                continue
            made = {"name": template.title, "template": template.slug}
            flow = client.post("/api/flows", json=made).raise_for_status().json()
            start = next((n for n in template.graph["nodes"] if n["type"] == "flow.start"), None)
            inputs = {"question": start["settings"].get("example") or "Ada"} if start else {}
            run = client.post(f"/api/flows/{flow['id']}/runs", json={"inputs": inputs})
            started[template.slug] = run.raise_for_status().json()["id"]
        yield started


@pytest.mark.parametrize("slug", sorted(ANSWERS))
def test_it_answers(live_app, runs, slug):
    with live_app.client() as client:

        def ended():
            run = client.get(f"/api/runs/{runs[slug]}").json()
            if run["status"] == "waiting" and slug == "approve-before-it-goes-out":
                answer = {"outcome": "approved", "values": {}}
                client.post(f"/api/runs/{runs[slug]}/waits/approval_1", json=answer)
            return run if run["status"] in {"finished", "failed"} else None

        run = wait_until(ended, what=f"the end of '{slug}'", seconds=180)
    assert run["status"] == "finished", run["error"]
    assert re.search(ANSWERS[slug], run["reply"], re.DOTALL), json.dumps(run["reply"])
