"""A cross-encoder reads the question with each of the best passages and orders them anew. None is shipped.

It is a folder on the model shelf or a repository of the hub, with safetensors and no code of its own. What is not on
this machine is fetched beside the search, never within it.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.cache import cache

from flowbuilder.celery import app
from flowbuilder.knowledge.model_folders import NotHere, Unusable, folder_of, must_be_safe

FETCH = "flowbuilder.knowledge.tasks.fetch_reranker"
FETCHED_AGAIN_AFTER = 600
MOST_TOKENS = 512
_lock = threading.Lock()


def scores(name: str, question: str, texts: Sequence[str]) -> list[float]:
    """How well each text answers the question, in 0..1. ``Unusable`` where the model is not at hand."""
    model = loaded(str(at_hand(name)))
    with _lock:
        found = model.predict([(question, text) for text in texts], batch_size=16, show_progress_bar=False)
    return [float(score) for score in found]


def at_hand(name: str) -> Path:
    try:
        return folder_of(name)
    except NotHere as missing:
        if cache.add(f"fb:reranker:{name}", "1", FETCHED_AGAIN_AFTER):
            app.send_task(FETCH, [name], queue="gpu", retry=False)
        reason = "it is being fetched from the hub; where this machine is offline, put it on the shelf."
        raise Unusable(reason) from missing


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
