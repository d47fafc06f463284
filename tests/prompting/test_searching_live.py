"""In a running installation: kill -9 of the worker that searches, whose successor goes on and asks nothing twice."""

import json
import os
import signal
import sqlite3
from contextlib import closing

import psutil
import pytest

from tests.installation import wait_until
from tests.prompting.conftest import CASES, graph_of
from tests.runs.test_faults import worker_processes

pytestmark = [pytest.mark.integration, pytest.mark.slow]


def test_a_killed_search_goes_on_and_asks_nothing_twice(breakable_app, tmp_path):
    notes = tmp_path / "asked"
    notes.touch()
    graph = graph_of()
    graph["nodes"][2] = {"id": "model", "type": "bays", "settings": {"notes": str(notes)}}
    cases = [case.model_dump(mode="json") for case in CASES]
    with breakable_app.client() as client:
        draft = client.post("/api/flows", json={"name": "Bays"}).json()
        flow = draft["id"]
        client.put(
            f"/api/flows/{flow}", json={"graph": graph, "revision": draft["revision"]}
        ).raise_for_status()
        wanted = {"node": "prompt", "setting": "template", "cases": cases, "answers": 60, "model": "rules"}
        made = client.post(f"/api/flows/{flow}/searches", json=wanted).raise_for_status().json()["id"]
        wait_until(lambda: len(kept(breakable_app, made)) > 10, seconds=60, what="its first scores")
        workers = worker_processes(breakable_app, "flow")
        for process in workers:
            os.kill(process.pid, signal.SIGKILL)
        psutil.wait_procs(workers, timeout=10)  # one that writes when it is told to end writes to its end
        known, asked = kept(breakable_app, made), len(notes.read_text().splitlines())
        found = wait_until(
            lambda: (row := client.get(f"/api/searches/{made}").json())["status"] == "finished" and row,
            seconds=180,
            what="the search's end",
        )
    whole = kept(breakable_app, made)
    assert known < whole and found["found"]["after"] == 1.0 > found["found"]["before"]
    # It asked again for what the killed worker was being told just then, and for nothing that was written down.
    assert len(notes.read_text().splitlines()) - asked == len(whole - known)


def kept(app, search: str) -> set[tuple[str, str]]:
    """The answers whose score is written down: prompt and case."""
    with closing(sqlite3.connect(f"file:{app.home / 'db.sqlite3'}?mode=ro", uri=True)) as rows:
        (scores,) = rows.execute(
            "SELECT scores FROM prompting_promptsearch WHERE id = ?", [search.replace("-", "")]
        ).fetchone()
    return {(prompt, case) for prompt, known in json.loads(scores).items() for case in known}
