"""The example of the README, as a newcomer runs it: against a whole installation, over HTTP alone."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.installation import free_port

pytestmark = [pytest.mark.integration]
SCRIPT = Path(__file__).parents[2] / "examples" / "first_flow.py"


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, timeout=240
    )


def test_it_prints_the_record_that_came_back(live_app):
    finished = run("--base", live_app.url, "--key", live_app.key)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    records = [line for line in finished.stdout.splitlines() if '{"' in line]
    assert "parcel_id" in records[0]
    assert isinstance(json.loads(records[-1][records[-1].index("{") :]), dict)


def test_a_wrong_key_is_said(live_app):
    finished = run("--base", live_app.url, "--key", "fb_wrong")
    assert finished.returncode != 0 and "401" in finished.stderr and "Traceback" not in finished.stderr


def test_nobody_there_is_said():
    finished = run("--base", f"http://127.0.0.1:{free_port()}", "--key", "fb_x")
    assert "Is bin/up running?" in finished.stderr and "Traceback" not in finished.stderr
