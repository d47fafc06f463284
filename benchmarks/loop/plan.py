"""The experiment's settings, all of them. What they were chosen by stands in the README."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from flowbuilder.modelhub.starter_folder import STARTER


class Plan(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    model: Path = STARTER
    """The model that the loop starts from."""
    asked: int = 2400
    """Prompts whose two answers the raters compare."""
    noise: float = 0.1
    """Share of the honest raters' ratings that are mistaken."""
    demonstrations: int = 128
    """Answers with a thumb up that SFT learns from, at most."""
    measured: int = 200
    """Held-out prompts."""
    sft: dict[str, Any] = {"steps": 40, "batch_size": 8, "learning_rate": 5e-5}
    reward_model: dict[str, Any] = {"steps": 200, "batch_size": 16, "learning_rate": 1e-3, "held_out": 0.2}
    dpo: dict[str, Any] = {"steps": 150, "batch_size": 8, "learning_rate": 1e-4, "beta": 0.1}
    grpo: dict[str, Any] = {"steps": 40, "answers_per_prompt": 4, "learning_rate": 1e-4, "kl": 0.05}
    ppo: dict[str, Any] = {
        "steps": 40,
        "answers_per_prompt": 4,
        "learning_rate": 1e-4,
        "kl": 0.02,
        "epochs": 2,
    }
