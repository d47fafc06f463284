"""``python -m benchmarks.retrieval [FOLDER ...]``; the package says what it measures."""

import argparse
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.in_process import own_home

PARTS = ["protocol", "headings", "splitting"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="trees of Markdown for the proxy task")
    parser.add_argument("--only", choices=PARTS, action="append", help="a part of it; may be given again")
    options = parser.parse_args()
    with own_home():
        from benchmarks.retrieval import ranking, splitting
        from benchmarks.retrieval.tasks import headings_task, protocol_task
        from flowbuilder.accounts.services import create_owner

        print(
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit()}, load {os.getloadavg()[1]:.1f}",
            flush=True,
        )
        owner = create_owner(email="owner@example.test", password="correct horse battery")
        protocols = [protocol_task(language) for language in ("en", "zh")]
        wanted = options.only or PARTS
        if "protocol" in wanted:
            for task in protocols:
                ranking.measure(owner, task)
        if "headings" in wanted:
            for folder in options.folders:
                ranking.measure(owner, headings_task(folder))
        if "splitting" in wanted:
            for task in protocols:
                splitting.measure(task)


def commit() -> str:
    """The one that is measured, and whether it is measured as it stands there."""
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, cwd=Path(__file__).parent
    )
    return told.stdout.strip() or "unknown"


if __name__ == "__main__":
    main()
