"""What the recipes share that compare a model's answers to one prompt with each other: GRPO and RLOO.

They differ in what an answer is compared with and where the KL penalty stands; prompts are drawn, answers
judged, shown and saved in the same way.
"""

from __future__ import annotations

from typing import Any

import torch
from datasets import Dataset
from pydantic import Field
from transformers import AutoModelForCausalLM, set_seed

from flowbuilder.training.recipes import processes
from flowbuilder.training.recipes.adapters import adapter, save
from flowbuilder.training.recipes.greedy import mean_reward
from flowbuilder.training.recipes.job import TrainingJob
from flowbuilder.training.recipes.judge import Judge, JudgeConfig, mean, repeated
from flowbuilder.training.recipes.loading import load, load_tokenizer
from flowbuilder.training.recipes.prompts import drawn_prompts
from flowbuilder.training.recipes.reporting import emit
from flowbuilder.training.recipes.shown import Shown
from flowbuilder.training.recipes.trainer import Watch, carry_out, once, quiet
from nodes.types import PromptLine


class PracticeJob(TrainingJob):
    """Everything that such a job depends on."""

    prompts: list[PromptLine] = Field(min_length=1)
    judge: JudgeConfig
    steps: int = Field(100, ge=1)
    prompts_per_step: int = Field(8, ge=1)
    answers_per_prompt: int = Field(8, ge=2)
    learning_rate: float = Field(1e-5, gt=0)
    kl: float = Field(0.05, ge=0)
    """Weight of the KL penalty against the frozen reference; each recipe says where it stands."""
    max_new_tokens: int = Field(128, ge=1)
    temperature: float = Field(1.0, gt=0)
    save_every: int = Field(10, ge=1)
    """Steps between checkpoints."""
    samples_every: int = Field(10, ge=0)


SHOWN = {
    "loss": "loss",
    "reward": "reward",
    "reward_std": "reward_spread",
    "kl": "kl",
    "entropy": "entropy",
    "completions/mean_length": "length",
    "completions/clipped_ratio": "cut_off",
    "clip_ratio/region_mean": "clip_fraction",
    "repeated": "repeated",
    "grad_norm": "grad_norm",
    "learning_rate": "learning_rate",
    "num_tokens": "tokens",
    "step_time": "seconds",
}


def practise(job: PracticeJob, trainer_type: Any, config_type: Any) -> dict[str, float]:
    """With TRL's trainer and its configuration."""
    torch.set_num_threads(job.threads)
    set_seed(job.seed)
    job.work_dir.mkdir(parents=True, exist_ok=True)
    tokenizer = load_tokenizer(job.model, padding_side="left")
    model = load(AutoModelForCausalLM, job.model)
    judge = Judge(job.judge)
    before = once(
        job.work_dir / "before.json",
        lambda: mean_reward(model, tokenizer, judge, job.prompts, job.max_new_tokens),
    )
    emit(event="start", parameters=model.num_parameters(), reward_before=before)

    trainer = trainer_type(
        model=model,
        reward_funcs=[rewarded(judge)],
        args=config_type(
            **quiet(job.work_dir, seed=job.seed, steps=job.steps, save_every=job.save_every),
            per_device_train_batch_size=processes.share(job.prompts_per_step, "prompts_per_step")
            * job.answers_per_prompt,
            num_generations=job.answers_per_prompt,
            max_completion_length=job.max_new_tokens,
            temperature=job.temperature,
            learning_rate=job.learning_rate,
            beta=job.kl,
            shuffle_dataset=False,
        ),
        train_dataset=rows(tokenizer, job),
        processing_class=tokenizer,
        peft_config=adapter(model, job.lora_rank),
    )
    shown = Shown(job.prompts, tokenizer, judge=judge, max_new_tokens=job.max_new_tokens)
    ended = carry_out(trainer, job, Watch(SHOWN, watched="reward", rising=True, shown=shown))
    if not processes.first():
        return ended

    save(trainer.model, tokenizer, job.out_dir, merge=job.merge)
    better = load(AutoModelForCausalLM, job.out_dir)
    after = mean_reward(better, tokenizer, judge, job.prompts, job.max_new_tokens)
    figures = {
        "reward_before": before,
        "reward_after": after,
        "gain": after - before,
        **ended,
    }
    emit(event="finished", metrics=figures)
    return figures


def rows(tokenizer: Any, job: PracticeJob) -> Dataset:
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


def rewarded(judge: Judge) -> Any:
    """The reward function as TRL calls it; on the way it tells the reward's parts and watches for repetition."""

    def reward(completions: list[Any], line: list[dict[str, str]], log_metric: Any, **_: Any) -> list[float]:
        answers = [each if isinstance(each, str) else each[0]["content"] for each in completions]
        judged = judge.judged([PromptLine(**each) for each in line], answers)
        log_metric("repeated", mean([repeated(answer) for answer in answers]))
        for name, value in judged.parts.items():
            log_metric(f"reward/{name}", value)
        return judged.rewards

    return reward
