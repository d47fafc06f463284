"""Where the models lie that knowledge is searched with: folders on the model shelf, and what was fetched from the hub.

Looked at without loading anything: what could carry code is refused before.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from django.conf import settings

NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,99}", re.ASCII)
REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,99}/[A-Za-z0-9][\w.-]{0,99}", re.ASCII)
FILES = ["*.safetensors", "*.json", "*.txt", "*.model"]


class Unusable(Exception):
    """Says why, and what would work."""


class NotHere(Unusable):
    """A repository of the hub that this machine has not fetched."""


def folder_of(name: str) -> Path:
    if NAME.fullmatch(name):
        shelf = Path(settings.FLOWBUILDER_MODEL_FOLDER).resolve()
        folder = (shelf / name).resolve()
        if folder.parent == shelf and folder.is_dir():
            return folder
        raise Unusable("there is no such folder on the model shelf.")
    if REPOSITORY.fullmatch(name):
        return _snapshot(name)
    raise Unusable("name a folder on the model shelf, or a repository as owner/name.")


def _snapshot(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, allow_patterns=FILES, local_files_only=True))
    except Exception as error:  # whatever the hub's client raises, it is not here
        raise NotHere(
            "it is not on this machine; where this machine is offline, put it on the shelf."
        ) from error


def fetch(name: str) -> None:
    from huggingface_hub import snapshot_download

    if REPOSITORY.fullmatch(name):
        snapshot_download(name, allow_patterns=FILES)


def must_be_safe(folder: Path) -> None:
    config = read_json(folder / "config.json")
    if "auto_map" in config:
        raise Unusable("it needs code of its own (auto_map), and code from a model is never run here.")
    if not list(folder.glob("*.safetensors")):
        raise Unusable("it has no *.safetensors; other weight formats can carry code and are refused.")


def read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise Unusable(f"its folder has no {path.name} that can be read.") from error
