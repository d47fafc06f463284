"""The seed demo as a program, in both languages, against a running installation."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "examples" / "seed_demo.py"
pytestmark = [pytest.mark.slow, pytest.mark.integration]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_nine_steps(live_app, language):
    command = [
        sys.executable,
        str(SCRIPT),
        "--base",
        live_app.url,
        "--key",
        live_app.key,
        "--language",
        language,
    ]
    told = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert told.returncode == 0, told.stdout + told.stderr
    assert [line[0] for line in told.stdout.splitlines() if line[0] != " "][-1] == "9"
    assert "version 1 answers as before" in told.stdout
