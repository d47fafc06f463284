"""Measures a new version against an old one on prompts that neither learned from; changes nothing.

    python -m flowbuilder.training.recipes.evaluate config.json

Both answer every prompt: the likeliest answer, and drawn ones where asked. Rules, a reward model, a judge model and
a JSON Schema say how good the answers are; references say how likely each version finds what people wrote. Answers
are saved as they come. One model is in memory at a time. ``findings`` says what the figures mean.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, set_seed

from flowbuilder.modelhub.runtime import architectures  # noqa: F401 - registers what Auto classes lack
from flowbuilder.modelhub.runtime.batching import Batch
from flowbuilder.modelhub.runtime.request import Request
from flowbuilder.modelhub.runtime.scoring import ScoreBatch
from flowbuilder.training.findings import Facts, Row, Side, report_of
from flowbuilder.training.recipes import pausing
from flowbuilder.training.recipes.examples import Example, example, fits, logprobs
from flowbuilder.training.recipes.judge import mean, repeated
from flowbuilder.training.recipes.loading import load, load_tokenizer
from flowbuilder.training.recipes.pairwise import RATINGS, SAFETY, VERDICTS, Chooser, pair_prompts, verdict
from flowbuilder.training.recipes.reporting import emit, metrics, sample
from flowbuilder.training.recipes.running import run_recipe
from flowbuilder.training.recipes.saved import Saved
from flowbuilder.training.safety import SafetyItem, safety_set
from flowbuilder.training.safety.rating import NAMES, Rated, rate
from nodes.reward.rewards.learned import squashed
from nodes.reward.rewards.valid_json import valid_json
from nodes.reward.scoring import ProgrammedReward, score_programmed
from nodes.types import EvaluationReport, PromptLine

SIDES = ("before", "after")
TOLD_SECONDS = 0.5
READ_AT_ONCE = 16
SAMPLES = 4
"""Prompts whose answers are shown as they come."""


class Names(BaseModel):
    """What the versions are called, for the report."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    before: str = "before"
    after: str = "after"
    reward_model: str = ""
    judge: str = ""
    source: str = ""


class EvaluateJob(BaseModel):
    """Everything that the evaluation depends on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: Path
    """Folder of the new version."""
    before: Path
    """Folder of the old one."""
    out_dir: Path
    """Where ``rows.jsonl`` is written: every answer with its figures."""
    work_dir: Path
    """Where answers are saved as they come; an evaluation found there goes on."""
    prompts: list[PromptLine] = Field(min_length=1)
    rewards: list[dict[str, Any]] = Field(default_factory=list)
    """Rules, as the reward nodes' settings write them."""
    reward_model: Path | None = None
    judge: Path | None = None
    """A causal model that is asked which answer is better, and how safe an answer is."""
    names: Names = Names()
    json_schema: str = ""
    """A JSON Schema that answers should satisfy; empty asks for none."""
    safety: bool = True
    """Whether the safety set is asked too."""
    samples: int = Field(0, ge=0)
    """Drawn answers a prompt, beside the likeliest."""
    temperature: float = Field(0.7, gt=0)
    """Of the drawn ones."""
    max_new_tokens: int = Field(128, ge=1)
    margin: float = Field(0.1, ge=0, le=1)
    """How much lower an answer must score to be called worse."""
    seed: int = 0
    threads: int = Field(1, ge=1)


@dataclass(frozen=True)
class Asked:
    """A prompt of the evaluation, or a safety item."""

    number: int
    line: PromptLine
    item: SafetyItem | None = None


class Progress:
    """Steps are answers and verdicts; figures are told now and then."""

    def __init__(self, steps: int) -> None:
        self.step, self.steps = 0, steps
        self.told = 0.0
        self.figures: dict[str, list[float]] = {}

    def note(self, **values: float) -> None:
        for name, value in values.items():
            self.figures.setdefault(name, []).append(value)

    def advance(self) -> None:
        """Ends the process where it was asked to pause: all until here is saved."""
        self.step += 1
        if time.monotonic() - self.told > TOLD_SECONDS or self.step == self.steps:
            self.told = time.monotonic()
            metrics(self.step, self.steps, {name: mean(values) for name, values in self.figures.items()})
        if pausing.asked() and self.step < self.steps:
            raise pausing.Paused(self.step)


def evaluate(job: EvaluateJob) -> EvaluationReport:
    torch.set_num_threads(job.threads)
    set_seed(job.seed)
    job.work_dir.mkdir(parents=True, exist_ok=True)
    rules = TypeAdapter(list[ProgrammedReward]).validate_python(job.rewards)
    asked = [Asked(number, line) for number, line in enumerate(job.prompts)]
    if job.safety:
        start = len(asked)
        asked += [
            Asked(start + number, PromptLine(prompt=item.prompt), item)
            for number, item in enumerate(safety_set())
        ]
    answers = sum(1 if one.item else 1 + job.samples for one in asked)
    verdicts = (2 * len(job.prompts) + 2 * (len(asked) - len(job.prompts))) if job.judge else 0
    progress = Progress(2 * answers + verdicts)
    emit(event="start", prompts=len(job.prompts), safety_items=len(asked) - len(job.prompts))

    saved = Saved(job.work_dir / "answers.jsonl")
    sides, tokenizers = {}, {}
    for side, folder in (("before", job.before), ("after", job.model)):
        tokenizer = load_tokenizer(folder)
        model = here(load(AutoModelForCausalLM, folder))
        tokenizers[side] = tokenizer.get_vocab()
        sides[side] = measured(job, side, model, tokenizer, asked, rules, saved, progress)
    unread = {number for side in SIDES for number, found in sides[side].items() if found is None}
    rows = [
        Row(
            number=one.number,
            prompt=one.line.prompt,
            reference=one.line.reference,
            item=one.item.id if one.item else "",
            before=sides["before"][one.number],
            after=sides["after"][one.number],
        )
        for one in asked
        if one.number not in unread
    ]
    if not any(not row.item for row in rows):
        raise ValueError("Every prompt is longer than what one of the two models reads; shorten them.")
    learned(job, rules, rows)
    unjudged = judged(job, rows, saved, progress)
    facts = Facts(
        **job.names.model_dump(),
        margin=job.margin,
        same_tokenizer=tokenizers["before"] == tokenizers["after"],
        left_out=sum(number < len(job.prompts) for number in unread),
        notes=list(notes(job, unread, unjudged)),
    )
    report = report_of(facts, rows)
    job.out_dir.mkdir(parents=True, exist_ok=True)
    lines = [row.model_dump_json() + "\n" for row in rows]
    (job.out_dir / "rows.jsonl").write_text("".join(lines), encoding="utf-8")
    if progress.step < progress.steps:
        progress.step = progress.steps - 1
        progress.advance()
    emit(event="finished", metrics=headline(report), report=report.model_dump(mode="json"))
    return report


def here(model: Any) -> Any:
    return model.to("cuda" if torch.cuda.is_available() else "cpu")


def measured(
    job: EvaluateJob,
    side: str,
    model: Any,
    tokenizer: Any,
    asked: list[Asked],
    rules: list[Any],
    saved: Saved,
    progress: Progress,
) -> dict[int, Side | None]:
    """What one version answers, by prompt; None where it cannot read the prompt."""
    unread = answered(job, side, Batch(model, tokenizer), asked, rules, saved, progress)
    likely = likelihoods(side, model, tokenizer, [one for one in asked if one.number not in unread], saved)
    found: dict[int, Side | None] = dict.fromkeys(unread)
    for one in asked:
        if one.number in unread:
            continue
        texts = [saved[f"{side}:{one.number}:{draw}"] for draw in range(draws(job, one))]
        scored = [
            score_programmed(rules, text, prompt=one.line.prompt, reference=one.line.reference)
            for text in texts
            if rules and not one.item
        ]
        loss, tokens = likely.get(one.number, (None, 0))
        found[one.number] = Side(
            answer=texts[0],
            samples=texts[1:],
            rules=mean([each.value for each in scored]) if scored else None,
            parts=list(scored[0].parts) if scored else [],
            valid=validity(job, texts) if job.json_schema and not one.item else None,
            loss=loss,
            tokens=tokens,
            repeated=mean([repeated(text) for text in texts]),
            rated=rate(one.item, texts[0]) if one.item else None,
        )
    return found


def draws(job: EvaluateJob, one: Asked) -> int:
    return 1 if one.item else 1 + job.samples


def answered(
    job: EvaluateJob,
    side: str,
    batch: Batch,
    asked: list[Asked],
    rules: list[Any],
    saved: Saved,
    progress: Progress,
) -> set[int]:
    """Have the model answer what is not saved yet; the numbers of the prompts that it cannot read."""
    unread, texts, by_key = set(), {}, {}
    for one in asked:
        for draw in range(draws(job, one)):
            key = f"{side}:{one.number}:{draw}"
            by_key[key] = one
            if key in saved:
                progress.advance()
                continue
            try:
                batch.add(
                    Request(
                        key,
                        "",
                        "causal",
                        [{"role": "user", "content": one.line.prompt}],
                        max_new_tokens=job.max_new_tokens,
                        temperature=job.temperature if draw else 0,
                        seed=job.seed + draw * len(asked) + one.number,
                    )
                )
            except ValueError:  # longer than the model reads
                unread.add(one.number)
                progress.advance()
    while batch.busy:
        for piece in batch.step():
            texts[piece.id] = texts.get(piece.id, "") + piece.text
            if piece.done:
                saved[piece.id] = texts[piece.id]
                show(side, by_key[piece.id], piece.id.endswith(":0"), texts[piece.id], rules, progress)
    return unread


def show(side: str, one: Asked, likeliest: bool, text: str, rules: list[Any], progress: Progress) -> None:
    """An answer that has just come: to the curves, and of the first prompts as a sample."""
    value = 0.0
    if rules and not one.item:
        value = score_programmed(rules, text, prompt=one.line.prompt, reference=one.line.reference).value
        progress.note(**{f"reward_{side}": value})
    progress.note(**{f"length_{side}": float(len(text))})
    progress.advance()
    if likeliest and one.number < SAMPLES:
        sample(progress.step, one.number, one.line.prompt, text, value)


def likelihoods(
    side: str, model: Any, tokenizer: Any, asked: list[Asked], saved: Saved
) -> dict[int, tuple[float, int]]:
    """Of the references: the loss in nats and the tokens. One that the model cannot read is passed over."""
    wanted: list[tuple[int, Example]] = []
    for one in asked:
        if one.line.reference:
            messages = [{"role": "user", "content": one.line.prompt}]
            wanted.append((one.number, example(tokenizer, messages, one.line.reference)))
    fitting = [(number, text) for number, text in wanted if fits(model, text)]
    for start in range(0, len(fitting), READ_AT_ONCE):
        part = [
            entry for entry in fitting[start : start + READ_AT_ONCE] if f"{side}:{entry[0]}:loss" not in saved
        ]
        if part:
            for (number, _), chance in zip(part, logprobs(model, [text for _, text in part]), strict=True):
                saved[f"{side}:{number}:loss"] = -chance
    return {number: (saved[f"{side}:{number}:loss"], len(text.answer)) for number, text in fitting}


def validity(job: EvaluateJob, texts: list[str]) -> float:
    return mean([float(valid_json(text, json_schema=job.json_schema)[0] == 1.0) for text in texts])


def learned(job: EvaluateJob, rules: list[Any], rows: list[Row]) -> None:
    """Give each answer the reward model's score, and the score of both together."""
    batch = None
    if job.reward_model is not None:
        model = here(load(AutoModelForSequenceClassification, job.reward_model))
        batch = ScoreBatch(model, load_tokenizer(job.reward_model))
    weight = sum(rule.weight for rule in rules)
    for row in rows:
        if row.item:
            continue
        for side in (row.before, row.after):
            if batch is not None:
                messages = [{"role": "user", "content": row.prompt}]
                raw = batch.score([(messages, text) for text in (side.answer, *side.samples)])
                side.learned = mean([squashed(value)[0] for value in raw])
            scores = [(side.rules, weight), (side.learned, 1.0)]
            known = [(value, share) for value, share in scores if value is not None]
            if known:
                side.score = sum(value * share for value, share in known) / sum(share for _, share in known)


def judged(job: EvaluateJob, rows: list[Row], saved: Saved, progress: Progress) -> int:
    """Ask the judge model which answer is better, and how safe the answers to the safety set are; how many of these
    questions it could not read."""
    if job.judge is None:
        return 0
    chooser = Chooser(here(load(AutoModelForCausalLM, job.judge)), load_tokenizer(job.judge))
    asked = list(questions(rows))
    unread = set(chooser.choose(asked, saved, progress.advance))
    for row in rows:
        if row.item:
            for side in SIDES:
                if (key := f"rated:{row.number}:{side}") not in unread:
                    rating = NAMES.index(saved[key])
                    getattr(row, side).rated = Rated(rating, job.names.judge or "judge")
        elif row.before.answer == row.after.answer:
            row.judged = 0.5
        elif not {f"pair:{row.number}:{order}" for order in (0, 1)} & unread:
            row.judged, row.judge_agreed = verdict(
                saved[f"pair:{row.number}:0"], saved[f"pair:{row.number}:1"]
            )
    return len(unread)


def notes(job: EvaluateJob, unread: set[int], unjudged: int) -> Iterator[str]:
    if unsafe := sum(number >= len(job.prompts) for number in unread):
        yield f"{unsafe} questions of the safety set were longer than one of the two versions reads"
    if unjudged:
        yield f"{unjudged} questions were longer than the judge reads"


def questions(rows: list[Row]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for row in rows:
        if row.item:
            for side in SIDES:
                prompt = SAFETY.format(prompt=row.prompt, answer=getattr(row, side).answer)
                yield f"rated:{row.number}:{side}", prompt, RATINGS
        elif row.before.answer != row.after.answer:
            for order, prompt in enumerate(pair_prompts(row.prompt, row.before.answer, row.after.answer)):
                yield f"pair:{row.number}:{order}", prompt, VERDICTS


def headline(report: EvaluationReport) -> dict[str, float]:
    """The few figures that a job's row shows."""
    figures = {f"{row.name.replace(' ', '_')}_gain": row.difference for row in report.figures}
    rates = {f"win_rate_by_{won.by}": won.rate for won in report.wins}
    return {name: value for name, value in {**rates, **figures}.items() if value is not None}


if __name__ == "__main__":
    run_recipe(evaluate, EvaluateJob)
