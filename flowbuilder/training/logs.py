"""A job's log for people: without the places of this machine's files, and without anything secret."""

from __future__ import annotations

import re
from pathlib import Path

from flowbuilder.training.failures import tail

SHOWN = 64_000
"""Bytes of the end that are shown."""
DOWNLOADED = 8 * 2**20
PATH = re.compile(r"(?<![\w:/.])(?:/[\w.@%+=~-]+)+/([\w.@%+=~-]+)")
SECRETS = re.compile(
    r"\b(?:fb|hf|sk|ghp|glpat)[_-][\w-]{8,}"  # keys by their usual beginnings
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"  # a password in an address
    r"|(?i:(?<=bearer )\S+)"
    r"|(?i:(?<=password=)\S+|(?<=token=)\S+|(?<=secret=)\S+|(?<=api_key=)\S+)"
)


def readable(folder: Path, most: int = SHOWN) -> str:
    """The end of a job's log, whole lines of it."""
    text = tail(folder / "log", most)
    if len(text.encode(errors="replace")) >= most:
        text = text.partition("\n")[2]
    return masked(text)


def masked(text: str) -> str:
    return PATH.sub(r"…/\1", SECRETS.sub("[hidden]", text))
