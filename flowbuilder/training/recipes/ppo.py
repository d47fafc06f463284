"""Reinforcement learning with a critic beside the model: proximal policy optimisation of a language model.

    python -m flowbuilder.training.recipes.ppo config.json

Each step the model answers some prompts; a judge rewards the answers; a critic says of every token how much
reward was to be expected there; tokens after which more came than expected become likelier. Sources:

- PPO itself: Schulman et al. 2017, "Proximal Policy Optimization Algorithms".
- The advantages: Schulman et al. 2016, "High-Dimensional Continuous Control Using Generalized Advantage Estimation".
- Its form for language models, with the KL penalty in the reward: Ziegler et al. 2019, "Fine-Tuning Language
  Models from Human Preferences"; with a critic of its own: Stiennon et al. 2020, "Learning to Summarize from
  Human Feedback".
- What makes it work in practice: Huang et al. 2024, "The N+ Implementation Details of RLHF with PPO".
"""

from __future__ import annotations

import contextlib
import json
import shutil
import time
from dataclasses import dataclass, fields
from pathlib import Path

import torch
from peft import set_peft_model_state_dict
from pydantic import BaseModel, Field
from safetensors.torch import load_file, load_model, save_model
from torch import Tensor
from transformers import AutoModel, AutoModelForCausalLM, PreTrainedModel, set_seed

from flowbuilder.modelhub.runtime.prompting import prompt_ids
from flowbuilder.modelhub.runtime.slot import end_tokens
from flowbuilder.training.recipes import pausing, processes
from flowbuilder.training.recipes.adapters import adapted, save
from flowbuilder.training.recipes.alarms import Alarm, Alarms
from flowbuilder.training.recipes.checkpoints import (
    checkpoints,
    put_in_place,
    whole_checkpoint,
)
from flowbuilder.training.recipes.greedy import mean_reward
from flowbuilder.training.recipes.job import TrainingJob
from flowbuilder.training.recipes.judge import Judge, JudgeConfig, mean, repeated
from flowbuilder.training.recipes.loading import load, load_tokenizer
from flowbuilder.training.recipes.objective import (
    explained_variance,
    gae,
    mean_over,
    next_kl_weight,
    policy_loss,
    value_loss,
    whiten,
)
from flowbuilder.training.recipes.plateau import Plateau
from flowbuilder.training.recipes.prompts import drawn_prompts
from flowbuilder.training.recipes.reporting import TrainingStopped, alarm, emit, metrics
from flowbuilder.training.recipes.running import run_recipe
from flowbuilder.training.recipes.shown import Shown
from flowbuilder.training.recipes.trainer import MAX_KL, memory_used, once
from nodes.types import PromptLine


class PpoJob(TrainingJob):
    """Everything a job depends on."""

    prompts: list[PromptLine] = Field(min_length=1)
    judge: JudgeConfig
    steps: int = Field(100, ge=1)
    prompts_per_step: int = Field(8, ge=1)
    answers_per_prompt: int = Field(8, ge=1)
    learning_rate: float = Field(1e-5, gt=0)
    """Of the policy at the first step; both rates fall linearly to zero."""
    critic_learning_rate: float | None = Field(None, gt=0)
    """Of the critic, whose head starts from nothing; None is ten times the policy's, at most 1e-3."""
    kl: float = Field(0.05, ge=0)
    """Weight of the KL penalty in the reward at the first step; 0 keeps it out."""
    target_kl: float = Field(0.1, gt=0)
    """Drift from the reference, in nats a token, towards which the weight of the KL penalty is moved."""
    epochs: int = Field(4, ge=1)
    """How often a step's answers are learned from."""
    minibatches: int = Field(2, ge=1)
    """Parts into which they are divided, with an update after each. More of them need less memory."""
    clip: float = Field(0.2, gt=0)
    """How far a token's probability may move within a step, as a ratio to 1 (Schulman et al. 2017)."""
    value_clip: float = Field(0.2, gt=0)
    """How far a value may move within a step."""
    value_coefficient: float = Field(0.1, ge=0)
    """Weight of the value loss in the sum of both. The two models share no weights, and Adam levels a loss's
    scale out: how fast the critic learns is decided by its learning rate."""
    gamma: float = Field(1.0, gt=0, le=1)
    """Discount a token. At 1 an early token counts as much for the answer's reward as a late one."""
    lam: float = Field(0.95, ge=0, le=1)
    """1 trusts the rewards alone (no bias, much variance), 0 the critic alone (Schulman et al. 2016)."""
    missing_end_penalty: float = Field(1.0, ge=0)
    """Taken from the reward of an answer that was cut off, so that an end is worth reaching."""
    max_new_tokens: int = Field(128, ge=1)
    temperature: float = Field(1.0, gt=0)
    lora_rank: int = Field(0, ge=0)
    """Width of the adapters that are trained, in both models, instead of the weights; 0 trains all weights."""
    save_every: int = Field(10, ge=1)
    """Steps between checkpoints."""
    samples_every: int = Field(10, ge=0)


MAX_NORM = 1.0
"""Of a gradient, for each of the two models."""
KEPT = 2
"""Checkpoints: the newest may prove broken."""


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


class Position(BaseModel):
    """Where a job stands: enough, with weights, optimizers and random state, to go on as if never stopped."""

    step: int = 0
    """Steps done; which prompts come next follows from it."""
    tokens: int = 0
    kl_weight: float


@dataclass(frozen=True)
class Batch:
    """A step's answers, a row each: prompts padded on the left, answers on the right, so that all answers
    begin in one column. ``ids`` and ``mask`` are [answers, prompt + answer tokens], the rest [answers, answer
    tokens]."""

    ids: Tensor
    mask: Tensor
    answer: Tensor
    """1 at the answer's tokens, its end token among them."""
    logprobs: Tensor
    """Of the tokens, as the policy was when it chose them."""
    reference: Tensor
    values: Tensor
    """What the critic expected before each token, as it was then."""
    entropy: Tensor
    kl: Tensor
    """From the reference to the policy, over the whole vocabulary: the tokens drawn alone would tell it with
    great noise."""
    returns: Tensor
    advantages: Tensor

    def rows(self, chosen: Tensor) -> Batch:
        return Batch(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})


class Critic(torch.nn.Module):
    """The model's body with a head that says what reward is still to come.

    It starts from the model's weights, with a head of zeros: at first it expects nothing anywhere.
    """

    def __init__(self, folder: Path, rank: int = 0) -> None:
        super().__init__()
        self.body = adapted(load(AutoModel, folder), rank)
        self.head = torch.nn.Linear(self.body.config.hidden_size, 1)
        torch.nn.init.zeros_(self.head.weight)
        torch.nn.init.zeros_(self.head.bias)

    def forward(self, ids: Tensor, mask: Tensor, count: int) -> Tensor:
        """Values before each of the last ``count`` tokens."""
        hidden = self.body(
            input_ids=ids, attention_mask=mask, position_ids=positions(mask), use_cache=False
        ).last_hidden_state
        return self.head(hidden[:, -count - 1 : -1]).squeeze(-1)


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
        ids, mask, answer, ended, texts = self.answers(asked)
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

    def answers(self, asked: list[PromptLine]) -> tuple[Tensor, Tensor, Tensor, Tensor, list[str]]:
        """One answer to each, drawn as the model's probabilities have it: ids, mask, answer mask, which of them
        ended, and their texts."""
        rows = [prompt_ids(self.tokenizer, [{"role": "user", "content": line.prompt}]) for line in asked]
        longest, most = max(map(len, rows)), self.job.max_new_tokens
        limit = getattr(self.policy.config, "max_position_embeddings", None) or 10**9
        if longest + most > limit:
            raise ValueError(
                f"A prompt of {longest} tokens and an answer of {most} exceed the {limit} tokens that this model "
                f"reads. Lower 'max_new_tokens' to {max(limit - longest, 0)} or shorten the prompts."
            )
        prompts = self.tokenizer.pad({"input_ids": rows}, return_tensors="pt").to(self.device)
        end = sorted(end_tokens(self.policy, self.tokenizer))
        ids = self.policy.generate(
            input_ids=prompts.input_ids,
            attention_mask=prompts.attention_mask,
            do_sample=True,
            temperature=self.job.temperature,
            top_k=0,  # and the next two: what is learned from must be what was drawn from
            top_p=1.0,
            repetition_penalty=1.0,
            max_new_tokens=most,
            eos_token_id=end,
            pad_token_id=self.tokenizer.pad_token_id,
        )
        drawn = ids[:, prompts.input_ids.shape[1] :]
        ends = torch.isin(drawn, torch.tensor(end, device=ids.device))
        # An answer goes up to its first end token; more may follow where that token also pads.
        answer = ends.cumsum(1) - ends.long() == 0
        texts = self.tokenizer.batch_decode(
            [row[said] for row, said in zip(drawn, answer & ~ends, strict=True)], skip_special_tokens=True
        )
        mask = torch.cat([prompts.attention_mask, answer.long()], 1)
        return ids, mask, answer.float(), ends.any(1), texts

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
        """Into a temporary folder, hash list last, then renamed. Without adapters any model runtime can read it."""
        temporary = self.job.work_dir / ".writing"
        shutil.rmtree(temporary, ignore_errors=True)
        self.policy.save_pretrained(temporary)
        self.tokenizer.save_pretrained(temporary)
        save_model(self.critic, str(temporary / "critic.safetensors"))
        state = {
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers.values()],
            "rng": torch.get_rng_state(),
            "cuda_rng": torch.cuda.get_rng_state_all(),
        }
        torch.save(state, temporary / "state.pt")
        (temporary / "position.json").write_text(at.model_dump_json())
        (temporary / "history.json").write_text(json.dumps(self.history))
        put_in_place(temporary, self.job.work_dir / f"checkpoint-{at.step}")
        for folder in checkpoints(self.job.work_dir)[:-KEPT]:
            shutil.rmtree(folder)

    def resume(self) -> Position:
        """Load the newest checkpoint whose hashes hold; the start where there is none."""
        found = whole_checkpoint(self.job.work_dir)
        if found is None:
            return Position(kl_weight=self.job.kl)
        folder = Path(found)
        if self.job.lora_rank:
            set_peft_model_state_dict(self.policy, load_file(folder / "adapter_model.safetensors"))
        else:
            self.policy.load_state_dict(load(AutoModelForCausalLM, folder).state_dict())
        load_model(self.critic, folder / "critic.safetensors", device=self.device)
        state = torch.load(folder / "state.pt", weights_only=True)
        for optimizer, saved in zip(self.optimizers.values(), state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        torch.set_rng_state(state["rng"])
        torch.cuda.set_rng_state_all(state["cuda_rng"])
        for step, values in enumerate(json.loads((folder / "history.json").read_text()), start=1):
            self.remember(step, values)
        return Position.model_validate_json((folder / "position.json").read_text())


def distributions(
    model: PreTrainedModel, ids: Tensor, mask: Tensor, count: int, temperature: float
) -> Tensor:
    """Log-probabilities of all tokens where each of the last ``count`` was chosen: [rows, count, vocabulary]."""
    logits = model(
        input_ids=ids,
        attention_mask=mask,
        position_ids=positions(mask),
        use_cache=False,
        logits_to_keep=count + 1,
    ).logits[:, :-1]
    return torch.log_softmax(logits.float() / temperature, -1)


def of_tokens(spread: Tensor, ids: Tensor) -> Tensor:
    """The log-probabilities of the tokens that were chosen."""
    return spread.gather(-1, ids[:, -spread.shape[1] :, None]).squeeze(-1)


def positions(mask: Tensor) -> Tensor:
    """Counted from a row's first real token, wherever the padding stands."""
    return (mask.cumsum(-1) - 1).clamp(min=0)


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
