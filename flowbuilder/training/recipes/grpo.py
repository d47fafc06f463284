"""Reinforcement learning by comparing a model's answers with each other, through TRL.

    python -m flowbuilder.training.recipes.grpo config.json

Group relative policy optimisation: Shao et al. 2024, "DeepSeekMath", section 4. For each prompt the model
writes several answers; an answer's advantage is its reward against its group's mean.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from pydantic import BaseModel, ConfigDict, Field
from transformers import AutoModelForCausalLM, AutoTokenizer, PrinterCallback, set_seed
from trl import GRPOConfig, GRPOTrainer

from flowbuilder.training.recipes.checkpoints import hash_folder
from flowbuilder.training.recipes.greedy import mean_reward
from flowbuilder.training.recipes.judge import Judge, JudgeConfig, mean, repeated
from flowbuilder.training.recipes.prompts import drawn_prompts
from flowbuilder.training.recipes.reporting import emit, run_recipe, sample
from flowbuilder.training.recipes.trainer import Report, Seal, quiet, whole_checkpoint
from nodes.training.prompts import PromptLine


class GrpoJob(BaseModel):
    """Everything a job depends on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: Path
    """Folder of the model to improve; it stays as it is."""
    out_dir: Path
    """Where the finished version is written."""
    work_dir: Path
    """Where checkpoints live; a job found there is resumed."""
    prompts: list[PromptLine] = Field(min_length=1)
    judge: JudgeConfig
    steps: int = Field(100, ge=1)
    prompts_per_step: int = Field(8, ge=1)
    answers_per_prompt: int = Field(8, ge=2)
    learning_rate: float = Field(1e-5, gt=0)
    kl: float = Field(0.05, ge=0)
    """Weight of the KL term against the frozen reference (Shao et al. 2024, equation 3)."""
    max_new_tokens: int = Field(128, ge=1)
    temperature: float = Field(1.0, gt=0)
    seed: int = 0
    save_every: int = Field(10, ge=1)
    """Steps between checkpoints."""
    samples_every: int = Field(10, ge=1)
    """Steps between two answers that are shown."""
    threads: int = Field(1, ge=1)
    """For the small models that fit a CPU one thread is the fastest on a machine that does other work."""


SHOWN = {
    "loss": "loss",
    "reward": "reward",
    "reward_std": "reward_spread",
    "kl": "kl",
    "entropy": "entropy",
    "completions/mean_length": "length",
    "completions/clipped_ratio": "cut_off",
    "repeated": "repeated",
    "grad_norm": "grad_norm",
    "learning_rate": "learning_rate",
    "num_tokens": "tokens",
    "step_time": "seconds",
}


def train(job: GrpoJob) -> dict[str, float]:
    torch.set_num_threads(job.threads)
    set_seed(job.seed)
    job.work_dir.mkdir(parents=True, exist_ok=True)
    tokenizer = AutoTokenizer.from_pretrained(job.model, padding_side="left")
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    model = AutoModelForCausalLM.from_pretrained(
        job.model, use_safetensors=True, trust_remote_code=False, dtype=torch.float32
    )
    judge = Judge(job.judge)
    before = _once(
        job.work_dir / "before.json",
        lambda: mean_reward(model, tokenizer, judge, job.prompts, job.max_new_tokens),
    )
    emit(event="start", parameters=model.num_parameters(), reward_before=before)

    trainer = GRPOTrainer(
        model=model,
        reward_funcs=[rewarded(judge, job)],
        args=GRPOConfig(
            **quiet(job.work_dir, seed=job.seed, steps=job.steps, save_every=job.save_every),
            per_device_train_batch_size=job.prompts_per_step * job.answers_per_prompt,
            num_generations=job.answers_per_prompt,
            max_completion_length=job.max_new_tokens,
            temperature=job.temperature,
            learning_rate=job.learning_rate,
            beta=job.kl,
            shuffle_dataset=False,
        ),
        train_dataset=rows(tokenizer, job),
        processing_class=tokenizer,
        callbacks=[Seal(), Report(SHOWN)],
    )
    trainer.remove_callback(PrinterCallback)  # our own lines say it
    trainer.train(resume_from_checkpoint=whole_checkpoint(job.work_dir))

    after = mean_reward(trainer.model, tokenizer, judge, job.prompts, job.max_new_tokens)
    figures = {
        "reward_before": before,
        "reward_after": after,
        "gain": after - before,
        "steps": float(job.steps),
    }
    trainer.model.save_pretrained(job.out_dir)
    tokenizer.save_pretrained(job.out_dir)
    hash_folder(job.out_dir)
    emit(event="finished", metrics=figures)
    return figures


def rows(tokenizer: Any, job: GrpoJob) -> Dataset:
    """A row for every prompt of every step, drawn here: then a resumed job meets the very same ones."""
    drawn = drawn_prompts(job.prompts, job.steps * job.prompts_per_step, job.seed)
    return Dataset.from_list(
        [
            {
                "prompt": [{"role": "user", "content": line.prompt}]
                if tokenizer.chat_template
                else line.prompt,
                "line": line.model_dump(),
            }
            for line in drawn
        ]
    )


def rewarded(judge: Judge, job: GrpoJob) -> Any:
    """The reward function as TRL calls it; on the way it shows samples and watches for repetition."""

    def reward(
        completions: list[Any], line: list[dict[str, str]], trainer_state: Any, **extra: Any
    ) -> list[float]:
        answers = [each if isinstance(each, str) else each[0]["content"] for each in completions]
        lines = [PromptLine(**each) for each in line]
        rewards = judge(lines, answers)
        if "log_metric" in extra:
            extra["log_metric"]("repeated", mean([repeated(answer) for answer in answers]))
        if trainer_state.global_step % job.samples_every == 0:
            best = max(range(len(rewards)), key=lambda index: rewards[index])
            sample(trainer_state.global_step, lines[best].prompt, answers[best], rewards[best])
        return rewards

    return reward


def _once(path: Path, measure: Any) -> float:
    """Measured before the first step, and remembered by a resumed job."""
    if not path.is_file():
        path.write_text(json.dumps(measure()))
    return float(json.loads(path.read_text()))


if __name__ == "__main__":
    run_recipe(train, GrpoJob)
