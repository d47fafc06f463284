"""A dataset's rows as the values that training and evaluation take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from nodes.base import Context, Datasets, NodeError
from nodes.types import Demonstration, Demonstrations, PreferencePair, Preferences, PromptLine, Prompts

HELD_OUT = {"test": ["test"], "validation": ["validation"], "both": ["validation", "test"]}
HeldOut = Literal["both", "test", "validation"]


@dataclass(frozen=True)
class Served:
    """Of the train split all but ``held_out``. A port is untaken where the dataset's kind has nothing for it."""

    preferences: Preferences | None
    demonstrations: Demonstrations | None
    prompts: Prompts | None
    held_out: Prompts | None
    ref: str


def datasets_of(ctx: Context) -> Datasets:
    if ctx.datasets is None:
        raise NodeError("This installation keeps no datasets.")
    return ctx.datasets


async def served(ctx: Context, ref: str, held_out: HeldOut, least: int) -> Served:
    """What the version that ``ref`` names has for each port."""
    datasets = datasets_of(ctx)
    train = await datasets.rows(ref, ["train"])
    if len(train.rows) < least:
        raise NodeError(
            f"'{train.ref}' has {len(train.rows)} rows to train on, and {least} are wanted: collect more feedback, "
            "import rows or write some."
        )
    away = await datasets.rows(train.ref, HELD_OUT[held_out])
    ctx.report("metric", {"train": len(train.rows), "held_out": len(away.rows)})
    pairs, shown = preferences_of(train.rows), demonstrations_of(train.rows)
    return Served(
        preferences=Preferences(pairs=pairs, source=train.ref) if pairs else None,
        demonstrations=Demonstrations(examples=shown, source=train.ref) if shown else None,
        prompts=Prompts(lines=prompts_of(train.rows), source=train.ref) if train.rows else None,
        held_out=Prompts(lines=prompts_of(away.rows), source=train.ref),
        ref=train.ref,
    )


def preferences_of(rows: Iterable[dict[str, Any]]) -> tuple[PreferencePair, ...]:
    return tuple(PreferencePair(**row) for row in rows if "chosen" in row)


def demonstrations_of(rows: Iterable[dict[str, Any]]) -> tuple[Demonstration, ...]:
    """Answers to learn: what was demonstrated, what was called good, what was chosen."""
    return tuple(
        Demonstration.model_validate(
            {"messages": row["messages"]}
            if "messages" in row
            else {"prompt": row["prompt"], "completion": answer}
        )
        for row in rows
        if (answer := answer_of(row)) or "messages" in row
    )


def prompts_of(rows: Iterable[dict[str, Any]]) -> tuple[PromptLine, ...]:
    """Each prompt once, with an answer that is right where there is one. Longer conversations are not asked again."""
    found: dict[str, str] = {}
    for row in rows:
        prompt = question_of(row)
        if prompt and not found.get(prompt):
            found[prompt] = answer_of(row)
    return tuple(PromptLine(prompt=prompt, reference=answer) for prompt, answer in found.items())


def question_of(row: dict[str, Any]) -> str:
    if "messages" not in row:
        return str(row["prompt"])
    turns = [turn for turn in row["messages"] if turn["role"] != "system"]
    return str(turns[0]["content"]) if len(turns) == 2 else ""


def answer_of(row: dict[str, Any]) -> str:
    """The answer that the row calls right; empty where it calls none so."""
    if "messages" in row:
        return str(row["messages"][-1]["content"])
    if row.get("label") is False:
        return ""
    return str(row.get("completion") or row.get("chosen") or row.get("reference") or "")
