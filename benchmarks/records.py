"""Records under a schema, by the shipped model: how many are valid, what was mended, what the constraint costs.

    python -m benchmarks.records                  # 200 prompts, then the overhead
    python -m benchmarks.records --prompts 40 --tokens 2000

The prompts are the sample protocol's record types, each described as a list, as a table and in Chinese. Each answer
goes through the node "Structured record" as in a flow, and is judged against the *sample's* own schema by jsonschema.
The overhead is measured on the same tokens: an answer is decoded under its schema, and once more without one while it
is made to take the tokens that it took before, in turns.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice, zip_longest
from typing import Any

from jsonschema import Draft202012Validator
from transformers import AutoModelForCausalLM, AutoTokenizer

from examples.protocol.source.json_schema import schema_of
from examples.protocol.source.protocol import records
from examples.protocol.source.shapes import Language, Record
from examples.protocol.writing.rules import line, rows
from flowbuilder.modelhub.runtime.batching import Batch
from flowbuilder.modelhub.runtime.prompting import prompt_ids
from flowbuilder.modelhub.runtime.request import Request
from flowbuilder.modelhub.starter_folder import STARTER
from nodes.base import Context, Sampling
from nodes.json_formats import CHECKER
from nodes.language import fields
from nodes.language.structured import StructuredRecord

WINDOW = 768
"""Tokens that the shipped model reads and writes together."""
LEAST_ROOM = 120
WARM_UP = 3
HEADINGS = {
    "en": "| Field | Type | Required | Rules |\n|---|---|---|---|\n",
    "zh": "| 字段 | 类型 | 必填 | 规则 |\n|---|---|---|---|\n",
}


@dataclass
class Asked:
    """A prompt, and the sample's schema of what is asked for."""

    prompt: str
    schema: dict[str, Any]


def prompts(tokenizer: Any, count: int) -> list[Asked]:
    """As many different ones that leave the model room to answer, the forms in turns."""
    forms = [listed("en"), listed("zh"), tabled("en"), tabled("zh")]
    in_turns = (asked for asked in chain.from_iterable(zip_longest(*forms)) if asked)
    roomy = (
        asked
        for asked in in_turns
        if len(prompt_ids(tokenizer, [{"role": "user", "content": asked.prompt}])) < WINDOW - LEAST_ROOM
    )
    return list(islice(roomy, count))


def listed(language: Language) -> Iterator[Asked]:
    for record in records():
        told = "\n".join(_listed(record, language))
        yield Asked(f"{_wish(record, language)}\nFields:\n{told}", schema_of(record, language))


def _listed(record: Record, language: Language) -> Iterator[str]:
    """Without what each field means: that is long, and says no rule."""
    for outer in record.fields:
        for inner, indent in ((outer, ""), *((inner, "  ") for inner in outer.fields)):
            yield f"{indent}- " + line(inner, inner.name, language, backticks=True).split(" – ")[0].rstrip(
                "–"
            )


def tabled(language: Language) -> Iterator[Asked]:
    for record in records():
        table = HEADINGS[language] + "\n".join(f"| {' | '.join(row[:4])} |" for row in rows(record, language))
        yield Asked(f"{table}\n\n{_wish(record, language)}", schema_of(record, language))


def _wish(record: Record, language: Language) -> str:
    return f"Make a {record.title.en} record." if language == "en" else f"请生成一条{record.title.zh}记录。"


class InProcess:
    """``nodes.base.Models`` over one batch; callers share its steps as they do in the model worker."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.texts: dict[str, str] = {}
        self.done: set[str] = set()
        self.tokens = 0

    async def generate(
        self,
        model: str,
        prompt: Any,
        *,
        system: str = "",
        sampling: Sampling = Sampling(),
        schema: Any = None,
    ) -> AsyncIterator[str]:
        name = str(len(self.texts))
        self.texts[name] = ""
        messages = [{"role": "user", "content": prompt}]
        wanted = {"max_new_tokens": sampling.max_new_tokens, "temperature": sampling.temperature}
        self.batch.add(Request(name, "", "causal", messages, **wanted, seed=sampling.seed, schema=schema))
        while name not in self.done:
            await asyncio.sleep(0)
            if self.batch.busy and name not in self.done:
                self._step()
        yield self.texts[name]

    def _step(self) -> None:
        for piece in self.batch.step():
            self.texts[piece.id] += piece.text
            if piece.done:
                self.done.add(piece.id)
                self.tokens += piece.usage["completion_tokens"]


@dataclass
class Outcome:
    asked: int = 0
    valid: int = 0
    unaided: int = 0
    """Valid as the model wrote it."""
    cut_off: int = 0
    mended: list[int] = field(default_factory=list)
    """Places that were changed or filled, a record."""
    reasons: dict[str, int] = field(default_factory=dict)
    invalid: list[str] = field(default_factory=list)


async def ask(models: InProcess, asked: Asked, seed: int, outcome: Outcome, longest: int) -> None:
    reports: list[dict[str, Any]] = []
    context = Context(
        models=models, knowledge=None, training=None, report=lambda _, told: reports.append(told)
    )  # type: ignore[arg-type]
    record = await StructuredRecord(seed=seed, max_new_tokens=longest).run(context, asked.prompt)
    errors = list(Draft202012Validator(asked.schema, format_checker=CHECKER).iter_errors(record.data))
    outcome.asked += 1
    outcome.valid += not errors
    outcome.invalid += [error.message for error in errors[:1]]
    outcome.unaided += not reports
    outcome.cut_off += any(told["cut_off"] for told in reports)
    outcome.mended.append(sum(len(told["repaired"]) for told in reports))
    for reason in (reason for told in reports for reason in told["reasons"].values()):
        kind = (
            "missing"
            if "missing" in reason or "required" in reason
            else reason.split("'")[-1].strip()[:40] or reason[:40]
        )
        outcome.reasons[kind] = outcome.reasons.get(kind, 0) + 1


async def two_hundred(batch: Batch, asked: list[Asked], longest: int, together: int = 16) -> Outcome:
    outcome, models = Outcome(), InProcess(batch)
    started = time.perf_counter()
    for first in range(0, len(asked), together):
        group = asked[first : first + together]
        await asyncio.gather(
            *(ask(models, each, first + n, outcome, longest) for n, each in enumerate(group))
        )
    seconds = time.perf_counter() - started
    print(f"valid                    {outcome.valid} of {outcome.asked}")
    print(f"valid before mending     {outcome.unaided}; cut off at the limit: {outcome.cut_off}")
    print(f"places mended a record   mean {statistics.mean(outcome.mended):.1f}, most {max(outcome.mended)}")
    print(
        f"why                      {json.dumps(dict(sorted(outcome.reasons.items(), key=lambda each: -each[1])[:6]))}"
    )
    print(f"time                     {seconds:.0f} s, {models.tokens} tokens, {together} at once")
    return outcome


def decode(batch: Batch, asked: Asked, longest: int, replayed: list[int] | None) -> tuple[list[int], float]:
    """Tokens and seconds of one answer; ``replayed`` are taken in place of what a free answer would be."""
    schema = fields.schema_of(asked.prompt) if replayed is None else None
    started = time.perf_counter()
    batch.add(
        Request(
            "x",
            "",
            "causal",
            [{"role": "user", "content": asked.prompt}],
            longest,
            0.7,
            seed=1,
            schema=schema,
        )
    )
    (slot,) = batch.waiting
    if replayed is not None:
        following, choose = iter(replayed), slot.choose

        def replay(logits: Any) -> int:
            choose(logits)
            return next(following, batch.tokenizer.eos_token_id)

        slot.choose = replay  # type: ignore[method-assign]
    while batch.busy:
        batch.step()
    return slot.generated, time.perf_counter() - started


def overhead(batch: Batch, asked: list[Asked], tokens: int, longest: int) -> float:
    """Both ways in turns, on the same tokens, until there are enough of them."""
    constrained, free, total = 0.0, 0.0, 0
    ratios = []
    for number, each in enumerate(asked):
        ids, first = decode(batch, each, longest, None)
        _, again = decode(batch, each, longest, ids)
        # Once more, the other way round: the machine is shared, and what runs first is colder.
        _, before = decode(batch, each, longest, ids)
        _, second = decode(batch, each, longest, None)
        if number < WARM_UP:
            continue
        constrained += first + second
        free += again + before
        ratios.append((first + second) / (again + before))
        total += 2 * len(ids)
        if total >= tokens:
            break
    a_token = 1000 / total
    print(f"under the schema         {constrained * a_token:.2f} ms a token, with compiling the schema")
    print(f"free, the same tokens    {free * a_token:.2f} ms a token ({total} tokens)")
    print(
        f"ratio                    {constrained / free:.3f}; median of {len(ratios)} records {statistics.median(ratios):.3f}"
    )
    return constrained / free


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--prompts", type=int, default=200)
    parser.add_argument("--longest", type=int, default=400, help="tokens of an answer")
    parser.add_argument("--tokens", type=int, default=6000, help="to measure the overhead on")
    options = parser.parse_args()
    tokenizer = AutoTokenizer.from_pretrained(STARTER)
    batch = Batch(AutoModelForCausalLM.from_pretrained(STARTER).eval(), tokenizer)
    asked = prompts(tokenizer, options.prompts)
    print(f"{len(asked)} prompts, {len({each.prompt for each in asked})} different")
    asyncio.run(two_hundred(batch, asked, options.longest))
    overhead(batch, asked, options.tokens, options.longest)


if __name__ == "__main__":
    main()
