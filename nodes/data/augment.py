from dataclasses import dataclass
from typing import Any

from nodes.base import Context, Node, NodeError
from nodes.data.served import datasets_of
from nodes.data.synthesis import Plan, Screen, drafts
from nodes.types import DatasetRef, Demonstration, Demonstrations, PromptLine, Prompts


@dataclass(frozen=True)
class Augmented:
    demonstrations: Demonstrations | None
    prompts: Prompts | None


class Augment(Node, Plan):
    """Makes more examples from a few: by small changes to the prompts, or by a model that writes new ones."""

    title = "Augment examples"
    icon = "wand-sparkles"
    tags = ("synthetic", "tigerda", "data", "perturb", "typos", "paraphrase", "seed examples", "more data")
    timeout = 3600

    with_seeds: bool = True
    """Whether the examples that came in go out again before the new ones."""
    dataset: DatasetRef = ""
    """A dataset into whose draft the new ones are put, marked as synthetic; empty puts them nowhere."""

    async def run(
        self, ctx: Context, demonstrations: Demonstrations | None = None, prompts: Prompts | None = None
    ) -> Augmented:
        if not demonstrations and not prompts:
            raise NodeError("There is nothing to start from: wire in demonstrations or prompts.")
        screen = Screen(Plan(**{name: getattr(self, name) for name in Plan.model_fields}))
        shown, asked = None, None
        if demonstrations:
            seeds = [example.model_dump(mode="json") for example in demonstrations.examples]
            made = await self._made(ctx, "messages", seeds, screen)
            new = tuple(Demonstration.model_validate(content) for content in made)
            kept = demonstrations.examples if self.with_seeds else ()
            shown = Demonstrations(examples=(*kept, *new), source=demonstrations.source)
        if prompts:
            seeds = [line.model_dump() for line in prompts.lines]
            lines = [PromptLine(**content) for content in await self._made(ctx, "prompts", seeds, screen)]
            asked = Prompts(
                lines=(*(prompts.lines if self.with_seeds else ()), *lines), source=prompts.source
            )
        return Augmented(demonstrations=shown, prompts=asked)

    async def _made(
        self, ctx: Context, kind: str, seeds: list[dict[str, Any]], screen: Screen
    ) -> list[dict[str, Any]]:
        """The new ones that pass, each once; with a dataset those that its draft took."""
        made: list[dict[str, Any]] = []
        told: list[dict[str, Any]] = []
        for number, seed in enumerate(seeds):
            async for draft in drafts(screen.plan, kind, seed, number, ctx.models):
                if not screen.passes(draft.content):
                    continue
                if draft.content in made or draft.content in seeds:
                    screen.drop("duplicate")
                    continue
                made.append(draft.content)
                told.append({"content": draft.content, "generator": draft.generator, "seed": seed})
        if self.dataset:
            held_out = await datasets_of(ctx).add_synthetic(dataset=self.dataset, kind=kind, rows=told)
            screen.dropped["held_out"] = len(held_out)
            made = [content for content in made if content not in held_out]
        ctx.report("metric", {"seeds": len(seeds), "made": len(made), **screen.dropped})
        return made
