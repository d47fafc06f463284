"""Where a job stands, kept so that it can go on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import torch
from peft import set_peft_model_state_dict
from pydantic import BaseModel
from safetensors.torch import load_file, load_model, save_model
from transformers import AutoModelForCausalLM, PreTrainedModel, PreTrainedTokenizerBase

from flowbuilder.training.recipes.checkpoints import checkpoints, put_in_place, whole_checkpoint
from flowbuilder.training.recipes.loading import load
from flowbuilder.training.recipes.proximal.config import PpoJob
from flowbuilder.training.recipes.proximal.networks import Critic

KEPT = 2
"""Checkpoints: the newest may prove broken."""


class Position(BaseModel):
    """Where a job stands: enough, with weights, optimizers and random state, to go on as if never stopped."""

    step: int = 0
    """Steps done; which prompts come next follows from it."""
    tokens: int = 0
    kl_weight: float


def save_checkpoint(
    job: PpoJob,
    at: Position,
    history: list[dict[str, float]],
    policy: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    critic: Critic,
    optimizers: Iterable[torch.optim.Optimizer],
) -> None:
    """Into a temporary folder, hash list last, then renamed. Without adapters any model runtime can read it."""
    temporary = job.work_dir / ".writing"
    shutil.rmtree(temporary, ignore_errors=True)
    policy.save_pretrained(temporary)
    tokenizer.save_pretrained(temporary)
    save_model(critic, str(temporary / "critic.safetensors"))
    state = {
        "optimizers": [optimizer.state_dict() for optimizer in optimizers],
        "rng": torch.get_rng_state(),
        "cuda_rng": torch.cuda.get_rng_state_all(),
    }
    torch.save(state, temporary / "state.pt")
    (temporary / "position.json").write_text(at.model_dump_json())
    (temporary / "history.json").write_text(json.dumps(history))
    put_in_place(temporary, job.work_dir / f"checkpoint-{at.step}")
    for folder in checkpoints(job.work_dir)[:-KEPT]:
        shutil.rmtree(folder)


def load_checkpoint(
    job: PpoJob, policy: PreTrainedModel, critic: Critic, optimizers: Iterable[torch.optim.Optimizer]
) -> tuple[Position, list[dict[str, float]]]:
    """The newest one whose hashes hold, with the figures of its steps; the start where there is none."""
    found = whole_checkpoint(job.work_dir)
    if found is None:
        return Position(kl_weight=job.kl), []
    folder = Path(found)
    if job.lora_rank:
        set_peft_model_state_dict(policy, load_file(folder / "adapter_model.safetensors"))
    else:
        policy.load_state_dict(load(AutoModelForCausalLM, folder).state_dict())
    load_model(critic, folder / "critic.safetensors", device=str(policy.device))
    state = torch.load(folder / "state.pt", weights_only=True)
    for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    torch.set_rng_state(state["rng"])
    torch.cuda.set_rng_state_all(state["cuda_rng"])
    history = json.loads((folder / "history.json").read_text())
    return Position.model_validate_json((folder / "position.json").read_text()), history
