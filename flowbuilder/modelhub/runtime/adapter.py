"""A version whose adapters lie beside the weights that they were trained for, in a folder ``adapter``."""

from __future__ import annotations

from pathlib import Path

from transformers import PreTrainedModel

FOLDER = "adapter"
WEIGHTS = "adapter_model.safetensors"


def with_adapter(model: PreTrainedModel, folder: Path) -> PreTrainedModel:
    """The model with its adapters added to its weights, where the version's folder has some; as fast as without."""
    beside = folder / FOLDER
    if not (beside / WEIGHTS).is_file():
        return model
    from peft import PeftModel  # seconds to import, and most versions have none

    return PeftModel.from_pretrained(model, str(beside)).merge_and_unload()
