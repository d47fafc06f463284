"""The loop for one seed: raters compare the shipped model's answers, and recipes learn from what they said."""

import json
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.loop.plan import Plan
from benchmarks.loop.prompts import prompts
from benchmarks.loop.raters import Raters
from benchmarks.loop.step import Steps, Trained, figures
from flowbuilder.training.chance import near_chance

Found = dict[str, Path]
"""Folders of steps, by name."""


class Seed:
    """Everything that hangs on one seed, in a folder."""

    def __init__(self, plan: Plan, seed: int, home: Path, steps: Steps, pool: ThreadPoolExecutor) -> None:
        self.plan, self.seed, self.steps, self.pool = plan, seed, steps, pool
        self.home = home / f"seed-{seed}"
        self.asked = prompts(seed, "practice", plan.asked)
        self.practice = [{"prompt": example.prompt} for example in self.asked]

    def run(self) -> Found:
        """All arms side by side; then every version is measured."""
        drawn = self.steps.run(
            "benchmarks.loop.draw",
            self.home / "draw",
            model=self.plan.model,
            seed=self.seed,
            asked=self.plan.asked,
        )
        answers = json.loads((drawn / "drawn.json").read_text())
        honest = self.pool.submit(self.learn, "honest", Raters(self.plan.noise, self.seed), answers)
        noise = self.pool.submit(self.learn, "noise", Raters(0.5, self.seed), answers)
        found = {"draw": drawn, **honest.result(), **noise.result()}
        models = {"shipped": self.plan.model}
        models |= {name: found[f"honest/{name}"] / "out" for name in ("sft", "dpo", "grpo", "ppo")}
        found["measure"] = self.steps.run(
            "benchmarks.loop.measure",
            self.home / "measure",
            models=models,
            reward_model=found["honest/reward_model"] / "out",
            seed=self.seed,
            count=self.plan.measured,
            noise=self.plan.noise,
        )
        return found

    def learn(self, kind: str, raters: Raters, answers: list[tuple[str, str]]) -> Found:
        """SFT, then DPO beside the reward model and what learns from it."""
        pairs = [
            {key: value for key, value in pair.items() if key != "mistaken"}
            for pair in raters.pairs(self.asked, answers)
        ]
        liked = raters.liked(self.asked, [first for first, _ in answers])[: self.plan.demonstrations]
        found = {"sft": self.recipe(kind, "sft", self.plan.model, self.plan.sft, examples=liked)}
        model = found["sft"] / "out"
        waiting: dict[str, Future[Path]] = {}
        if kind == "honest":
            waiting["dpo"] = self.pool.submit(self.recipe, kind, "dpo", model, self.plan.dpo, pairs=pairs)
        judge = found["reward_model"] = self.recipe(
            kind, "reward_model", model, self.plan.reward_model, pairs=pairs
        )
        if not near_chance(Trained(f"{kind}@1", figures(judge))):
            data = {"prompts": self.practice, "judge": {"reward_model": judge / "out"}}
            waiting |= {
                name: self.pool.submit(self.recipe, kind, name, model, settings, **data)
                for name, settings in (("ppo", self.plan.ppo), ("grpo", self.plan.grpo))
            }
        found |= {name: future.result() for name, future in waiting.items()}
        return {f"{kind}/{name}": folder for name, folder in found.items()}

    def recipe(self, kind: str, name: str, model: Path, settings: dict[str, Any], **data: Any) -> Path:
        folder = self.home / kind / name
        return self.steps.recipe(name, folder, model=model, seed=self.seed, **settings, **data)
