"""A cross-encoder reads the question with each of the best passages and orders them anew. None is shipped.

It is a folder on the model shelf or a repository of the hub, with safetensors and no code of its own. What is not on
this machine is fetched beside the search, never within it.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache

from flowbuilder.celery import app

log = logging.getLogger(__name__)
FETCH = "flowbuilder.knowledge.tasks.fetch_reranker"
FETCHED_AGAIN_AFTER = 600
NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,99}", re.ASCII)
REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,99}/[A-Za-z0-9][\w.-]{0,99}", re.ASCII)
FILES = ["*.safetensors", "*.json", "*.txt", "*.model"]
MOST_TOKENS = 512
_lock = threading.Lock()


class Unusable(Exception):
    """Says why, and what would work."""


def scores(name: str, question: str, texts: Sequence[str]) -> list[float]:
    """How well each text answers the question, in 0..1. ``Unusable`` where the model is not at hand."""
    model = loaded(str(folder_of(name)))
    with _lock:
        found = model.predict([(question, text) for text in texts], batch_size=16, show_progress_bar=False)
    return [float(score) for score in found]


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
        log.info("reranker %s is not here: %s", name, error)
    if cache.add(f"fb:reranker:{name}", "1", FETCHED_AGAIN_AFTER):
        app.send_task(FETCH, [name], queue="gpu", retry=False)
    raise Unusable("it is being fetched from the hub; where this machine is offline, put it on the shelf.")


def fetch(name: str) -> None:
    from huggingface_hub import snapshot_download

    if REPOSITORY.fullmatch(name):
        snapshot_download(name, allow_patterns=FILES)


@lru_cache(maxsize=2)
def loaded(folder: str) -> Any:
    must_be_safe(Path(folder))
    from sentence_transformers import CrossEncoder
    from torch.nn import Sigmoid

    with _lock:
        model = CrossEncoder(
            folder,
            device="cpu",
            max_length=MOST_TOKENS,
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
            activation_fn=Sigmoid(),
        )
    if model.num_labels != 1:
        raise Unusable(f"it gives {model.num_labels} scores; a reranker gives one.")
    return model


def must_be_safe(folder: Path) -> None:
    try:
        config = json.loads((folder / "config.json").read_text())
    except (OSError, ValueError) as error:
        raise Unusable("its folder has no config.json that can be read.") from error
    if "auto_map" in config:
        raise Unusable("it needs code of its own (auto_map), and code from a model is never run here.")
    if not list(folder.glob("*.safetensors")):
        raise Unusable("it has no *.safetensors; other weight formats can carry code and are refused.")
