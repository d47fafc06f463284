"""LoRA: instead of a weight matrix two thin ones beside it are trained, and added to it at the end.

Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models". Gradients and optimizer are then those
of the thin matrices alone, and the model without them is the reference that KL and DPO compare with.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from peft import LoraConfig, get_peft_model
from transformers import PreTrainedModel

from flowbuilder.modelhub.runtime.adapter import FOLDER
from flowbuilder.training.layers import KNOWN, LAYERS
from flowbuilder.training.recipes.checkpoints import hash_folder


def adapter(model: PreTrainedModel, rank: int, *, also: tuple[str, ...] = ()) -> LoraConfig | None:
    """Adapters beside all matrices of the layers; None for rank 0, which is full fine-tuning.

    Modules named in ``also`` are new, and trained and kept as a whole. ``ValueError`` names what would fit.
    """
    if rank == 0:
        return None
    found = sorted({name.rsplit(".", 1)[-1] for name, _ in model.named_modules()} & KNOWN)
    if not found:
        families = "; ".join(f"{family}: {', '.join(names)}" for family, names in LAYERS.items())
        raise ValueError(
            f"LoRA knows no layer of this model ({model.config.model_type}). It knows those of models like "
            f"{families}. Set 'lora_rank' to 0 to train all weights."
        )
    return LoraConfig(
        r=rank,
        lora_alpha=2 * rank,
        target_modules=found,
        modules_to_save=list(also) or None,
        fan_in_fan_out="c_attn" in found,  # GPT-2 keeps its matrices transposed
    )


def adapted(model: PreTrainedModel, rank: int) -> Any:
    """With its adapters, which change nothing yet; itself for rank 0."""
    return adapted_by(model, adapter(model, rank))


def adapted_by(model: PreTrainedModel, config: LoraConfig | None) -> Any:
    return get_peft_model(model, config) if config else model


def save(trained: Any, tokenizer: Any, folder: Path, *, merge: bool) -> None:
    """The finished version: one model, or the weights as they were and the adapters beside them.

    Either way the folder holds all that it needs, and the runtime and every recipe load it as any other.
    """
    if merge or not hasattr(trained, "merge_and_unload"):
        merged(trained).save_pretrained(folder)
    else:
        for config in trained.peft_config.values():
            config.base_model_name_or_path = ""  # a place on this machine, and all is here
        trained.save_pretrained(folder / FOLDER)
        (folder / FOLDER / "README.md").unlink(missing_ok=True)
        trained.unload().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    hash_folder(folder)


def merged(model: Any) -> PreTrainedModel:
    """The model with its adapters added to its weights: a plain one, which the runtime loads as any other."""
    if not hasattr(model, "merge_and_unload"):
        return model
    return model.merge_and_unload()
