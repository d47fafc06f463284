"""Models in memory: loaded once, shared by all callers, the least recently used leave first."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSeq2SeqLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedModel,
)

from flowbuilder.modelhub.folder import describe
from flowbuilder.modelhub.runtime import architectures  # noqa: F401 - registers what Auto classes lack
from flowbuilder.modelhub.runtime.adapter import with_adapter
from flowbuilder.modelhub.runtime.classifying import ClassifyBatch
from flowbuilder.modelhub.runtime.recurrent import causal_batch
from flowbuilder.modelhub.runtime.request import Piece, Request
from flowbuilder.modelhub.runtime.scoring import ScoreBatch
from flowbuilder.modelhub.runtime.seq2seq import Seq2SeqBatch


class AnyBatch(Protocol):
    """All live callers of one model."""

    @property
    def busy(self) -> bool: ...

    def add(self, request: Request) -> None:
        """Queue a caller; ``ValueError`` says what is wrong with the request."""

    def cancel(self, request_id: str) -> None: ...

    def fail(self) -> list[str]:
        """Drop everybody; the ids of who was there."""

    def step(self) -> list[Piece]:
        """Some work for everybody, and what came of it."""


class How(NamedTuple):
    """How models of one kind are loaded, and how their callers are served."""

    load: Any
    batch: Any


KINDS = {
    "causal": How(AutoModelForCausalLM, causal_batch),
    "seq2seq": How(AutoModelForSeq2SeqLM, Seq2SeqBatch),
    "reward": How(AutoModelForSequenceClassification, ScoreBatch),
    "classifier": How(AutoModelForSequenceClassification, ClassifyBatch),
}


@dataclass
class Loaded:
    model: PreTrainedModel
    tokenizer: Any
    batch: AnyBatch
    megabytes: float


class LoadedModels:
    """``budget`` in MB of parameters and buffers; a model that alone is larger is refused by name."""

    def __init__(self, budget: float) -> None:
        self.budget = budget
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.kept: OrderedDict[str, Loaded] = OrderedDict()

    def get(self, path: str, kind: str) -> Loaded:
        """The model in that folder. ``MemoryError`` when it cannot fit, ``OSError`` when it cannot be read."""
        if path not in self.kept:
            self.kept[path] = self._load(path, kind)
            self._evict(keep=path)
        self.kept.move_to_end(path)
        return self.kept[path]

    def _load(self, path: str, kind: str) -> Loaded:
        self._refuse_oversize(path)
        tokenizer = AutoTokenizer.from_pretrained(path, trust_remote_code=False)
        model = KINDS[kind].load.from_pretrained(
            path,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=torch.float32 if self.device == "cpu" else "auto",
        )
        model = with_adapter(model, Path(path))
        megabytes = model.get_memory_footprint() / 2**20
        model = model.eval().to(self.device)
        return Loaded(model, tokenizer, KINDS[kind].batch(model, tokenizer), megabytes)

    def _refuse_oversize(self, path: str) -> None:
        """Before loading: a model that does not fit would take the whole process down with it."""
        described = describe(Path(path))
        needed = (described.parameters * 4 if self.device == "cpu" else described.size) / 2**20
        if needed > self.budget:
            raise MemoryError(
                f"The model needs {needed:.0f} MB and the budget is {self.budget:.0f} MB. "
                "Raise FLOWBUILDER_MODEL_MEMORY_MB or choose a smaller model."
            )

    def _evict(self, keep: str) -> None:
        for path, loaded in list(self.kept.items()):
            if sum(entry.megabytes for entry in self.kept.values()) <= self.budget:
                return
            if path != keep and not loaded.batch.busy:
                del self.kept[path]

    def busy(self) -> list[AnyBatch]:
        return [loaded.batch for loaded in self.kept.values() if loaded.batch.busy]
