"""New examples from seed examples: written by a model from a template, or changed by small perturbations.

The two ways of TigerLab's TigerDA toolkit: generation-based and perturbation-based augmentation.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from jsonschema import Draft202012Validator, SchemaError
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from nodes.base import Models, NodeError, Sampling
from nodes.data.perturbations import Kind, perturbed
from nodes.json_rules import errors_of
from nodes.types import JsonSchema, LongText, ModelRef

TEMPLATE = "Help me write another query like this one:\n\n{seed}\n\nWrite the query alone."
QUOTED = re.compile(r"""^["'“”‘’「」`]+|["'“”‘’「」`]+$""")
NUMBERED = re.compile(r"^(?:\d+[.)]|[-*•])\s+")
ALL_KINDS: tuple[Kind, ...] = ("case", "punctuation", "typos", "list_order", "numbers", "width")
WRITABLE = ("prompts", "completion", "messages")
"""Kinds of rows that a model can write whole; what people chose is theirs to say."""


class Plan(BaseModel):
    """How new examples are made."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    method: Literal["perturb", "generate"] = "perturb"
    """Small changes to the prompts, or a model that writes new ones."""
    per_seed: int = Field(3, ge=1, le=20)
    """New examples for each seed."""
    kinds: tuple[Kind, ...] = Field(ALL_KINDS, min_length=1, json_schema_extra={"uniqueItems": True})
    """Which small changes are made: letter case, punctuation, typing errors, the order of lists, ids and numbers, wide and narrow marks."""
    model: ModelRef = "starter"
    """Which model writes."""
    template: LongText = TEMPLATE
    """What it is asked; {seed} stands for the seed's prompt."""
    temperature: float = Field(0.9, gt=0, le=2)
    """How much its prompts vary."""
    max_new_tokens: int = Field(256, ge=1, le=8192)
    """A prompt's or an answer's length limit, in tokens."""
    seed: int = 0
    """The same number draws the same changes."""
    json_schema: JsonSchema = ""
    """Examples whose answer (or prompt, where they have none) is no JSON of this schema are dropped; empty takes any."""
    shortest: int = Field(3, ge=1, le=10_000)
    """Examples whose prompt has fewer characters are dropped."""

    @field_validator("json_schema")
    @classmethod
    def _is_a_schema(cls, text: str) -> str:
        if text.strip():
            try:
                Draft202012Validator.check_schema(json.loads(text))
            except json.JSONDecodeError as error:
                raise ValueError(f"this is not JSON: {error.msg} in line {error.lineno}") from error
            except SchemaError as error:
                raise ValueError(f"this is not a JSON Schema: {error.message}") from error
        return text

    @model_validator(mode="after")
    def _has_a_place_for_the_seed(self) -> Self:
        if self.method == "generate" and "{seed}" not in self.template:
            raise ValueError("'template' must have {seed} where the seed's prompt goes")
        return self


@dataclass(frozen=True)
class Draft:
    """An example that was made, and how."""

    content: dict[str, Any]
    generator: str
    """``perturb:typos``, or the model that wrote it."""


@dataclass
class Screen:
    """Counts what is dropped, and why."""

    plan: Plan
    dropped: dict[str, int] = field(default_factory=dict)

    def drop(self, why: str) -> None:
        self.dropped[why] = self.dropped.get(why, 0) + 1

    def passes(self, content: dict[str, Any]) -> bool:
        """Whether it is long enough and its answer fits the schema."""
        if len(prompt_of(content).strip()) < self.plan.shortest:
            self.drop("short")
            return False
        if self.plan.json_schema.strip() and not self._fits(content):
            self.drop("schema")
            return False
        return True

    def _fits(self, content: dict[str, Any]) -> bool:
        try:
            value = json.loads(answer_in(content) or prompt_of(content))
        except (ValueError, RecursionError):
            return False
        return not errors_of(value, json.loads(self.plan.json_schema))


def prompt_of(content: dict[str, Any]) -> str:
    if "messages" not in content:
        return str(content["prompt"])
    return str(next(turn["content"] for turn in reversed(content["messages"]) if turn["role"] == "user"))


def answer_in(content: dict[str, Any]) -> str:
    if "messages" in content:
        return str(content["messages"][-1]["content"])
    return str(content.get("completion") or content.get("chosen") or content.get("reference") or "")


def asked_with(content: dict[str, Any], prompt: str) -> dict[str, Any]:
    """The same example, asked in other words."""
    if "messages" not in content:
        return {**content, "prompt": prompt}
    turns = [dict(turn) for turn in content["messages"]]
    next(turn for turn in reversed(turns) if turn["role"] == "user")["content"] = prompt
    return {**content, "messages": turns}


async def drafts(
    plan: Plan, kind: str, example: dict[str, Any], number: int, models: Models
) -> AsyncIterator[Draft]:
    """New examples from the seed of that number; ``NodeError`` where its kind cannot be made so."""
    if plan.method == "perturb":
        drawn = random.Random(f"{plan.seed}:{number}")  # noqa: S311 - variety, not secrecy
        for _ in range(plan.per_seed):
            found = perturbed(
                example, prompt_of(example), lambda prompt: asked_with(example, prompt), plan.kinds, drawn
            )
            if found is not None:
                yield Draft(found[0], f"perturb:{found[1]}")
        return
    if kind not in WRITABLE:
        raise NodeError(
            f"A model cannot write {kind} rows: what people chose or called good is theirs to say. Change the prompts "
            "by small perturbations instead, or make a dataset of prompts."
        )
    for draw in range(plan.per_seed):
        yield Draft(await _written(plan, kind, example, number * 1000 + draw, models), plan.model)


async def _written(
    plan: Plan, kind: str, example: dict[str, Any], draw: int, models: Models
) -> dict[str, Any]:
    asked = plan.template.replace("{seed}", prompt_of(example))
    sampling = Sampling(
        temperature=plan.temperature, max_new_tokens=plan.max_new_tokens, seed=(plan.seed + draw) % 2**31
    )
    prompt = cleaned(
        "".join([piece async for piece in models.generate(plan.model, asked, sampling=sampling)])
    )
    if kind == "prompts" or not prompt:
        return {"prompt": prompt, "reference": ""} if kind == "prompts" else asked_with(example, prompt)
    # Its likeliest answer: the prompts vary, what is learned of them should not.
    likeliest = Sampling(temperature=0, max_new_tokens=plan.max_new_tokens, seed=0)
    answer = "".join(
        [piece async for piece in models.generate(plan.model, prompt, sampling=likeliest)]
    ).strip()
    if kind == "completion":
        return {"prompt": prompt, "completion": answer}
    system = [turn for turn in example.get("messages", []) if turn["role"] == "system"][:1]
    turns = [{"role": "user", "content": prompt}, {"role": "assistant", "content": answer}]
    return {"messages": [*system, *turns]}


def cleaned(text: str) -> str:
    """What models put around a query that they were asked for: a number, a bullet, quotation marks."""
    return QUOTED.sub("", NUMBERED.sub("", text.strip())).strip()
