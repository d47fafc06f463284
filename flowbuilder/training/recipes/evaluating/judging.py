"""A judge model asked which of two answers is better, and how safe an answer is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from transformers import AutoModelForCausalLM

from flowbuilder.training.findings import Row
from flowbuilder.training.recipes.evaluating.config import SIDES, EvaluateJob
from flowbuilder.training.recipes.evaluating.progress import Progress
from flowbuilder.training.recipes.loading import here, load, load_tokenizer
from flowbuilder.training.recipes.pairwise import RATINGS, SAFETY, VERDICTS, Chooser, pair_prompts, verdict
from flowbuilder.training.recipes.saved import Saved
from flowbuilder.training.safety.rating import NAMES, Rated


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


def questions(rows: list[Row]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for row in rows:
        if row.item:
            for side in SIDES:
                prompt = SAFETY.format(prompt=row.prompt, answer=getattr(row, side).answer)
                yield f"rated:{row.number}:{side}", prompt, RATINGS
        elif row.before.answer != row.after.answer:
            for order, prompt in enumerate(pair_prompts(row.prompt, row.before.answer, row.after.answer)):
                yield f"pair:{row.number}:{order}", prompt, VERDICTS
