"""Where a pre-training stands, kept so that it can go on, and the version that it ends with."""

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from pydantic import BaseModel, Field
from safetensors.torch import load_file, save_file
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from flowbuilder.training.recipes.checkpoints import checkpoints, hash_folder, put_in_place, whole_checkpoint
from flowbuilder.training.recipes.plateau import Plateau
from flowbuilder.training.recipes.pretraining.config import PretrainConfig


class Position(BaseModel):
    """Where a run stands: enough, with weights and optimizer, to go on as if never stopped."""

    step: int = 0
    pool: int = 0
    batch: int = 0
    """Batches of the pool already used."""
    tokens: int = 0
    seconds: float = 0.0
    losses: list[float] = Field(default_factory=list)
    """Of the steps since the last line of metrics; and those of copying apart."""
    copy_losses: list[float] = Field(default_factory=list)


class Log:
    """The figures so far, and whether they get no better."""

    def __init__(self, config: PretrainConfig, *, held_out: bool) -> None:
        self.rows: list[tuple[int, dict[str, float]]] = []
        self.watched = "held_out_loss" if held_out else "loss"
        window = 1 if held_out else None
        self.plateau = Plateau(config.patience, config.min_gain, rising=False, window=window)
        self.still = False

    def add(self, step: int, values: dict[str, float]) -> None:
        self.rows.append((step, values))
        if self.watched in values:
            self.still = self.plateau.seen(step, values[self.watched])


def save_checkpoint(
    config: PretrainConfig, model: PreTrainedModel, optimizer: torch.optim.Optimizer, at: Position, log: Log
) -> None:
    """Write to a temporary folder, hash list last, then rename; older checkpoints beyond the limit go."""
    temporary = config.work_dir / ".writing"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    # Tied weights share memory, which safetensors refuses: the parameters name each tensor once.
    save_file(
        {n: p.detach().contiguous() for n, p in model.named_parameters()}, temporary / "model.safetensors"
    )
    state = {
        "optimizer": optimizer.state_dict(),
        "rng": torch.get_rng_state(),
        "cuda_rng": torch.cuda.get_rng_state_all(),
    }
    torch.save(state, temporary / "optimizer.pt")
    (temporary / "position.json").write_text(at.model_dump_json())
    (temporary / "history.json").write_text(json.dumps(log.rows))
    put_in_place(temporary, config.work_dir / f"checkpoint-{at.step}")
    for old in checkpoints(config.work_dir)[: -config.keep_checkpoints]:
        shutil.rmtree(old)


def load_checkpoint(
    config: PretrainConfig, model: PreTrainedModel, optimizer: torch.optim.Optimizer, log: Log
) -> Position:
    """Load the newest checkpoint whose hashes hold; a fresh ``Position`` when there is none."""
    found = whole_checkpoint(config.work_dir)
    if found is None:
        return Position()
    folder = Path(found)
    missing, unexpected = model.load_state_dict(load_file(folder / "model.safetensors"), strict=False)
    if unexpected or set(missing) - {"lm_head.weight"}:
        raise ValueError(f"{folder} holds another architecture; give this run a work_dir of its own")
    state = torch.load(folder / "optimizer.pt", weights_only=True)
    optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["rng"])
    torch.cuda.set_rng_state_all(state["cuda_rng"])
    for step, values in json.loads((folder / "history.json").read_text()):
        log.add(step, values)
    return Position.model_validate_json((folder / "position.json").read_text())


def save_version(
    out_dir: Path, model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, metrics: dict[str, Any]
) -> None:
    """Write a model version that transformers loads: weights, config, tokenizer, metrics, hashes."""
    temporary = out_dir.with_name(f".{out_dir.name}-writing")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    model.save_pretrained(temporary)
    # In one file with the rest of the settings, where every reader of tokenizer_config.json finds it.
    tokenizer.save_pretrained(temporary, save_jinja_files=False)
    (temporary / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    hash_folder(temporary)
    shutil.rmtree(out_dir, ignore_errors=True)
    temporary.rename(out_dir)
