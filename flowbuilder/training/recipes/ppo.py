"""Reinforcement learning with a critic beside the model: proximal policy optimisation of a language model.

    python -m flowbuilder.training.recipes.ppo config.json

Each step the model answers some prompts; a judge rewards the answers; a critic says of every token how much
reward was to be expected there; tokens after which more came than expected become likelier. Settings,
networks, answers and checkpoints are in ``proximal/``, and the mathematics in its ``objective.py``. Sources:

- PPO itself: Schulman et al. 2017, "Proximal Policy Optimization Algorithms".
- The advantages: Schulman et al. 2016, "High-Dimensional Continuous Control Using Generalized Advantage Estimation".
- Its form for language models, with the KL penalty in the reward: Ziegler et al. 2019, "Fine-Tuning Language
  Models from Human Preferences"; with a critic of its own: Stiennon et al. 2020, "Learning to Summarize from
  Human Feedback".
- What makes it work in practice: Huang et al. 2024, "The N+ Implementation Details of RLHF with PPO".
"""

from __future__ import annotations

import contextlib
import time

import torch
from torch import Tensor
from transformers import AutoModelForCausalLM, PreTrainedModel, set_seed

from flowbuilder.training.recipes import pausing, processes
from flowbuilder.training.recipes.adapters import adapted, save
from flowbuilder.training.recipes.alarms import Alarm, Alarms
from flowbuilder.training.recipes.greedy import mean_reward
from flowbuilder.training.recipes.judge import Judge, mean, repeated
from flowbuilder.training.recipes.loading import load, load_tokenizer
from flowbuilder.training.recipes.plateau import Plateau
from flowbuilder.training.recipes.prompts import drawn_prompts
from flowbuilder.training.recipes.proximal.answering import answers
from flowbuilder.training.recipes.proximal.batch import Batch
from flowbuilder.training.recipes.proximal.config import PpoJob
from flowbuilder.training.recipes.proximal.keeping import Position, load_checkpoint, save_checkpoint
from flowbuilder.training.recipes.proximal.networks import Critic, distributions, of_tokens
from flowbuilder.training.recipes.proximal.objective import (
    explained_variance,
    gae,
    mean_over,
    next_kl_weight,
    policy_loss,
    value_loss,
    whiten,
)
from flowbuilder.training.recipes.reporting import TrainingStopped, alarm, emit, metrics
from flowbuilder.training.recipes.running import run_recipe
from flowbuilder.training.recipes.shown import Shown
from flowbuilder.training.recipes.trainer import MAX_KL, memory_used, once

MAX_NORM = 1.0
"""Of a gradient, for each of the two models."""


def train(job: PpoJob) -> dict[str, float]:
    processes.refuse_several("PPO")
    set_seed(job.seed)
    job.work_dir.mkdir(parents=True, exist_ok=True)
    learner = Learner(job)
    before = learner.reward_before()
    emit(event="start", parameters=learner.policy.num_parameters(), reward_before=before)
    torch.set_num_threads(job.threads)  # after the measurement, whose runtime sets a number of its own

    at, still = learner.resume(), False
    if at.step == 0:
        learner.show(0)
    while at.step < job.steps and not still:
        at, still = learner.step(at)
        paused = pausing.asked() and at.step < job.steps
        if paused or at.step % job.save_every == 0 or at.step == job.steps:
            learner.save(at)
        if paused:
            raise pausing.Paused(at.step)

    save(learner.policy, learner.tokenizer, job.out_dir, merge=job.merge)
    learner.policy = load(AutoModelForCausalLM, job.out_dir).to(learner.device)
    after = learner.greedy_reward()
    figures = {
        "reward_before": before,
        "reward_after": after,
        "gain": after - before,
        "steps": float(at.step),
        "stopped_early": float(still and at.step < job.steps),
    }
    emit(event="finished", metrics=figures)
    return figures


class Learner:
    """Policy, frozen reference, critic, judge; and what they do in a step."""

    def __init__(self, job: PpoJob) -> None:
        self.job = job
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.tokenizer = load_tokenizer(job.model, padding_side="left")
        # All stay in evaluation mode: dropout would draw another network each time, and no ratio would be 1.
        self.policy = adapted(load(AutoModelForCausalLM, job.model), job.lora_rank).eval().to(self.device)
        self.reference: PreTrainedModel | None = None  # with adapters it is the policy without them
        if job.lora_rank == 0:
            self.reference = load(AutoModelForCausalLM, job.model).to(self.device).requires_grad_(False)
        self.critic = Critic(job.model, job.lora_rank).eval().to(self.device)
        self.judge = Judge(job.judge)
        self.shown = Shown(job.prompts, self.tokenizer, judge=self.judge, max_new_tokens=job.max_new_tokens)
        self.history: list[dict[str, float]] = []
        self.alarms = Alarms()
        self.plateau = Plateau(job.patience, job.min_gain, rising=True)
        self.lines = drawn_prompts(job.prompts, job.steps * job.prompts_per_step, job.seed)
        self.rates = {
            self.policy: job.learning_rate,
            self.critic: job.critic_learning_rate or min(10 * job.learning_rate, 1e-3),
        }
        # Adam's epsilon as of Huang et al. 2024.
        self.optimizers = {
            model: torch.optim.AdamW(model.parameters(), rate, eps=1e-5, weight_decay=0.0)
            for model, rate in self.rates.items()
        }

    def greedy_reward(self) -> float:
        return mean_reward(self.policy, self.tokenizer, self.judge, self.job.prompts, self.job.max_new_tokens)

    def reward_before(self) -> float:
        return once(self.job.work_dir / "before.json", self.greedy_reward)

    def step(self, at: Position) -> tuple[Position, bool]:
        """Answer, learn, report; the position after it, and whether it gets no better."""
        job, started = self.job, time.monotonic()
        rate = self.set_rates(at.step)
        batch, told = self.play(at)
        seen = self.learn(batch)
        moved = max(each.pop("moved") for each in seen)
        drift = mean_over(batch.kl, batch.answer).item()
        after = Position(
            step=at.step + 1,
            tokens=at.tokens + int(batch.mask.sum()),
            kl_weight=next_kl_weight(at.kl_weight, drift, job.target_kl),
        )
        values = {
            **{name: mean([each[name] for each in seen]) for name in seen[0]},
            **told,
            "kl": drift,
            "entropy": mean_over(batch.entropy, batch.answer).item(),
            "length": batch.answer.sum(1).mean().item(),
            "explained_variance": explained_variance(batch.values, batch.returns, batch.answer),
            "kl_weight": at.kl_weight,
            "learning_rate": rate,
            "tokens": after.tokens,
            "seconds": (seconds := time.monotonic() - started),
            "tokens_per_second": (after.tokens - at.tokens) / seconds,
            **memory_used(),
        }
        if job.samples_every and (after.step % job.samples_every == 0 or after.step == job.steps):
            self.show(after.step)
        metrics(after.step, job.steps, values)
        stop_when_lost(after.step, drift=drift, moved=moved)
        found, still = self.remember(after.step, values)
        for each in found:
            alarm(each.kind, after.step, each.message)
        return after, still

    def remember(self, step: int, values: dict[str, float]) -> tuple[list[Alarm], bool]:
        """What the step newly shows, and whether the training stands still."""
        self.history.append(values)
        return self.alarms.seen(values), self.plateau.seen(step, values["reward"])

    def show(self, step: int) -> None:
        if self.job.samples_every:
            self.shown.show(step, self.policy)

    def set_rates(self, step: int) -> float:
        """Both fall linearly to zero; the policy's of this step."""
        left = 1 - step / self.job.steps
        for model, optimizer in self.optimizers.items():
            for group in optimizer.param_groups:
                group["lr"] = self.rates[model] * left
        return self.job.learning_rate * left

    @torch.no_grad()
    def play(self, at: Position) -> tuple[Batch, dict[str, float]]:
        """The step's prompts answered and judged, every token with its advantage; and figures of the answers.

        The judge's reward stands at an answer's last token, the KL penalty at each (Ziegler et al. 2019,
        section 2.1); a missing end is penalised and the advantages are whitened as in Huang et al. 2024.
        """
        job, count = self.job, self.job.prompts_per_step
        lines = self.lines[at.step * count : (at.step + 1) * count]
        asked = [line for line in lines for _ in range(job.answers_per_prompt)]
        ids, mask, answer, ended, texts = answers(
            self.policy, self.tokenizer, asked, most=job.max_new_tokens, temperature=job.temperature
        )
        rewards, reward_parts = self.judge.judged(asked, texts)
        parts = [self.observed(*part) for part in zip(*map(self.parts, (ids, mask, answer)), strict=True)]
        observed = [torch.cat(tensors) for tensors in zip(*parts, strict=True)]
        logprobs, reference, values, *_ = observed
        scores = torch.tensor(rewards, device=ids.device)
        token_rewards = -at.kl_weight * (logprobs - reference) * answer
        last = answer.sum(1).long() - 1
        token_rewards[torch.arange(len(ids)), last] += scores - job.missing_end_penalty * ~ended
        advantages, returns = gae(token_rewards, values, answer, job.gamma, job.lam)
        batch = Batch(ids, mask, answer, *observed, returns, whiten(advantages, answer))
        return batch, {
            "reward": mean(rewards),
            "reward_spread": scores.std(correction=0).item(),
            "cut_off": 1 - ended.float().mean().item(),
            "repeated": mean([repeated(text) for text in texts]),
            **{f"reward/{name}": value for name, value in reward_parts.items()},
        }

    def parts(self, rows: Tensor) -> tuple[Tensor, ...]:
        return rows.chunk(self.job.minibatches)

    def observed(self, ids: Tensor, mask: Tensor, answer: Tensor) -> tuple[Tensor, ...]:
        """What all three models say of the answers."""
        shape = answer.shape[1], self.job.temperature
        policy = distributions(self.policy, ids, mask, *shape)
        with contextlib.nullcontext() if self.reference else self.policy.disable_adapter():
            reference = distributions(self.reference or self.policy, ids, mask, *shape)
        chances = policy.exp()
        return (
            of_tokens(policy, ids),
            of_tokens(reference, ids),
            self.critic(ids, mask, answer.shape[1]),
            -(chances * policy).sum(-1),
            (chances * (policy - reference)).sum(-1),
        )

    def learn(self, batch: Batch) -> list[dict[str, float]]:
        """Some epochs over the batch in minibatches; what was seen in each."""
        return [
            self.update(batch.rows(chosen))
            for _ in range(self.job.epochs)
            for chosen in self.parts(torch.randperm(len(batch.ids)).to(self.device))
        ]

    def update(self, part: Batch) -> dict[str, float]:
        job, count = self.job, part.answer.shape[1]
        spread = distributions(self.policy, part.ids, part.mask, count, job.temperature)
        logprobs = of_tokens(spread, part.ids)
        values = self.critic(part.ids, part.mask, count)
        gain, clipped = policy_loss(logprobs, part.logprobs, part.advantages, part.answer, job.clip)
        error = value_loss(values, part.values, part.returns, part.answer, job.value_clip)
        loss = gain + job.value_coefficient * error
        loss.backward()
        norms = {}
        for model, optimizer in self.optimizers.items():
            norms[model] = torch.nn.utils.clip_grad_norm_(model.parameters(), MAX_NORM)
            optimizer.step()
            optimizer.zero_grad()
        return {
            "loss": loss.item(),
            "value_loss": error.item(),
            "clip_fraction": clipped.item(),
            "grad_norm": norms[self.policy].item(),
            "moved": mean_over((logprobs.detach() - part.logprobs).abs(), part.answer).item(),
        }

    def save(self, at: Position) -> None:
        save_checkpoint(
            self.job, at, self.history, self.policy, self.tokenizer, self.critic, self.optimizers.values()
        )

    def resume(self) -> Position:
        at, history = load_checkpoint(self.job, self.policy, self.critic, self.optimizers.values())
        for step, values in enumerate(history, start=1):
            self.remember(step, values)
        return at


def stop_when_lost(step: int, *, drift: float, moved: float) -> None:
    if drift > MAX_KL:
        raise TrainingStopped(
            f"The policy drifted too far at step {step} (KL {drift:.1f}). "
            "Raise 'kl' or lower the learning rate."
        )
    if moved > MAX_KL:
        raise TrainingStopped(
            f"Step {step} alone moved the policy too far ({moved:.1f} nats a token). Lower the learning rate."
        )


if __name__ == "__main__":
    run_recipe(train, PpoJob)
