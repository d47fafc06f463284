"""Models in memory: loaded once, shared by all callers, the least recently used leave first."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel

from flowbuilder.modelhub.runtime.batching import Batch


@dataclass
class Loaded:
    model: PreTrainedModel
    batch: Batch
    megabytes: float


class LoadedModels:
    """``budget`` in MB of parameters and buffers; a model that alone is larger is refused by name."""

    def __init__(self, budget: float) -> None:
        self.budget = budget
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.kept: OrderedDict[str, Loaded] = OrderedDict()

    def get(self, path: str) -> Loaded:
        """The model in that folder. ``MemoryError`` when it cannot fit, ``OSError`` when it cannot be read."""
        if path not in self.kept:
            self.kept[path] = self._load(path)
            self._evict(keep=path)
        self.kept.move_to_end(path)
        return self.kept[path]

    def _load(self, path: str) -> Loaded:
        tokenizer = AutoTokenizer.from_pretrained(path, trust_remote_code=False)
        model = AutoModelForCausalLM.from_pretrained(
            path,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=torch.float32 if self.device == "cpu" else "auto",
        )
        megabytes = model.get_memory_footprint() / 2**20
        if megabytes > self.budget:
            raise MemoryError(
                f"The model needs {megabytes:.0f} MB and the budget is {self.budget:.0f} MB. "
                "Raise FLOWBUILDER_MODEL_MEMORY_MB or choose a smaller model."
            )
        model = model.eval().to(self.device)
        return Loaded(model, Batch(model, tokenizer), megabytes)

    def _evict(self, keep: str) -> None:
        for path, loaded in list(self.kept.items()):
            if sum(entry.megabytes for entry in self.kept.values()) <= self.budget:
                return
            if path != keep and not loaded.batch.busy:
                del self.kept[path]

    def busy(self) -> list[Batch]:
        return [loaded.batch for loaded in self.kept.values() if loaded.batch.busy]
