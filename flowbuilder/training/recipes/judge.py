"""What reinforcement learning is rewarded with: rules, a learned reward model, or both, weighted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from flowbuilder.modelhub.runtime import architectures  # noqa: F401 - registers what Auto classes lack
from flowbuilder.modelhub.runtime.scoring import ScoreBatch
from flowbuilder.training.recipes.loading import load
from nodes.reward.rewards.learned import squashed
from nodes.reward.scoring import ProgrammedReward, score_programmed
from nodes.types import PromptLine, ScorePart


class JudgeConfig(BaseModel):
    """At least one of the two must be there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rewards: list[dict[str, Any]] = Field(default_factory=list)
    """Rules, as the reward nodes' settings write them."""
    reward_model: Path | None = None
    """A folder with a reward model."""
    reward_model_weight: float = Field(1.0, gt=0)
    """Its share, relative to the rules' weights."""


class Judgement(NamedTuple):
    rewards: list[float]
    """One an answer."""
    parts: dict[str, float]
    """Each part's mean over the answers, unweighted: a rule by its kind, the reward model as ``learned``."""


class Judge:
    """``judge(lines, answers)`` gives one reward in 0..1 an answer."""

    def __init__(self, config: JudgeConfig) -> None:
        if not config.rewards and config.reward_model is None:
            raise ValueError("Nothing says what a good answer is: give rewards or a reward model.")
        self.rules = TypeAdapter(list[ProgrammedReward]).validate_python(config.rewards)
        self.rules_weight = sum(rule.weight for rule in self.rules)
        self.model_weight = config.reward_model_weight if config.reward_model else 0.0
        self.batch: ScoreBatch | None = None
        if config.reward_model is not None:
            model = load(AutoModelForSequenceClassification, config.reward_model)
            self.batch = ScoreBatch(model, AutoTokenizer.from_pretrained(config.reward_model))

    def __call__(self, lines: Sequence[PromptLine], answers: Sequence[str]) -> list[float]:
        return self.judged(lines, answers).rewards

    def judged(self, lines: Sequence[PromptLine], answers: Sequence[str]) -> Judgement:
        by_rules = [self._by_rules(line, answer) for line, answer in zip(lines, answers, strict=True)]
        learned = self._by_model(lines, answers) if self.batch else [0.0] * len(answers)
        total = self.rules_weight + self.model_weight
        rewards = [
            (math.fsum(part.value * part.weight for part in parts) + score * self.model_weight) / total
            for parts, score in zip(by_rules, learned, strict=True)
        ]
        means = {
            name: mean([parts[index].value for parts in by_rules])
            for index, name in enumerate(distinct([rule.kind for rule in self.rules]))
        }
        return Judgement(rewards, means | {"learned": mean(learned)} if self.batch else means)

    def _by_rules(self, line: PromptLine, answer: str) -> Sequence[ScorePart]:
        if not self.rules:
            return ()
        return score_programmed(self.rules, answer, prompt=line.prompt, reference=line.reference).parts

    def _by_model(self, lines: Sequence[PromptLine], answers: Sequence[str]) -> list[float]:
        assert self.batch is not None  # noqa: S101 - for the type checker
        pairs = [
            ([{"role": "user", "content": line.prompt}], answer)
            for line, answer in zip(lines, answers, strict=True)
        ]
        return [squashed(raw)[0] for raw in self.batch.score(pairs)]


def distinct(names: Sequence[str]) -> list[str]:
    """Each once: a second one of a kind is ``kind_2``."""
    return [
        name if (before := names[:index].count(name)) == 0 else f"{name}_{before + 1}"
        for index, name in enumerate(names)
    ]


def repeated(text: str) -> float:
    """Share of four-word groups that the text has said before: what a policy that loops drives up."""
    words = text.split()
    groups = [tuple(words[start : start + 4]) for start in range(len(words) - 3)]
    return 1 - len(set(groups)) / len(groups) if groups else 0.0


def mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else 0.0
