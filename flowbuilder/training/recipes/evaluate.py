"""Measures a new version against an old one on prompts that neither learned from; changes nothing.

    python -m flowbuilder.training.recipes.evaluate config.json

Both answer every prompt: the likeliest answer, and drawn ones where asked. Rules, a reward model, a judge model and
a JSON Schema say how good the answers are; references say how likely each version finds what people wrote. Answers
are saved as they come. One model is in memory at a time. Settings, answers, scores and the judge are in ``evaluating/``;
``findings`` says what the figures mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from pydantic import TypeAdapter
from transformers import AutoModelForCausalLM, set_seed

from flowbuilder.modelhub.runtime import architectures  # noqa: F401 - registers what Auto classes lack
from flowbuilder.modelhub.runtime.batching import Batch
from flowbuilder.training.findings import Facts, Row, Side, report_of
from flowbuilder.training.recipes.evaluating.answering import Asked, answered, draws
from flowbuilder.training.recipes.evaluating.config import SIDES, EvaluateJob
from flowbuilder.training.recipes.evaluating.judging import judged
from flowbuilder.training.recipes.evaluating.progress import Progress
from flowbuilder.training.recipes.evaluating.scoring import learned, likelihoods
from flowbuilder.training.recipes.judge import mean, repeated
from flowbuilder.training.recipes.loading import here, load, load_tokenizer
from flowbuilder.training.recipes.reporting import emit
from flowbuilder.training.recipes.running import run_recipe
from flowbuilder.training.recipes.saved import Saved
from flowbuilder.training.safety import safety_set
from flowbuilder.training.safety.rating import rate
from nodes.reward.rewards.valid_json import valid_json
from nodes.reward.scoring import ProgrammedReward, score_programmed
from nodes.types import EvaluationReport, PromptLine


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
    verdicts = 2 * len(asked) if job.judge else 0
    progress = Progress(2 * sum(draws(job, one) for one in asked) + verdicts)
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


def validity(job: EvaluateJob, texts: list[str]) -> float:
    return mean([float(valid_json(text, json_schema=job.json_schema)[0] == 1.0) for text in texts])


def notes(job: EvaluateJob, unread: set[int], unjudged: int) -> Iterator[str]:
    if unsafe := sum(number >= len(job.prompts) for number in unread):
        yield f"{unsafe} questions of the safety set were longer than one of the two versions reads"
    if unjudged:
        yield f"{unjudged} questions were longer than the judge reads"


def headline(report: EvaluationReport) -> dict[str, float]:
    """The few figures that a job's row shows."""
    figures = {f"{row.name.replace(' ', '_')}_gain": row.difference for row in report.figures}
    rates = {f"win_rate_by_{won.by}": won.rate for won in report.wins}
    return {name: value for name, value in {**rates, **figures}.items() if value is not None}


if __name__ == "__main__":
    run_recipe(evaluate, EvaluateJob)
