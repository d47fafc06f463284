"""People's part: pairs judged without knowing which answer is whose, and answers rated for safety."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.crypto import salted_hmac

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.evaluation.answers import CATEGORIES
from flowbuilder.evaluation.models import EvaluatedPrompt, Evaluation, PairVerdict, SafetyRating
from flowbuilder.evaluation.services import count_people
from flowbuilder.feedback.agreement import krippendorff_alpha

SIDES = ("before", "after")
VALUES = {"left": (0.0, 1.0), "right": (1.0, 0.0), "equal": (0.5, 0.5)}
"""The verdict for the new answer, where it is on the right and where it is on the left."""


def is_new_left(prompt: EvaluatedPrompt, asker: Asker) -> bool:
    """On which side a person sees the new answer: always the same, and not to be guessed."""
    drawn = salted_hmac("evaluation pair", f"{prompt.pk}:{asker.user.pk}").digest()
    return bool(drawn[0] & 1)


def undecided(evaluation: Evaluation, asker: Asker) -> QuerySet[EvaluatedPrompt]:
    """Pairs that the person has not judged, those first that fewest people have. Two equal answers are no pair."""
    pairs = evaluation.prompts.filter(item="", differs=True)
    mine = PairVerdict.objects.filter(prompt__evaluation=evaluation, person=asker.user)
    left = pairs.exclude(pk__in=mine.values("prompt"))
    return left.annotate(judged_by=Count("verdicts")).order_by("judged_by", "number")


def blind(prompt: EvaluatedPrompt, asker: Asker) -> dict[str, Any]:
    """What the person is shown of a pair."""
    answers = [prompt.after["answer"], prompt.before["answer"]]
    left, right = answers if is_new_left(prompt, asker) else answers[::-1]
    return {"pair": prompt.number, "prompt": prompt.prompt, "left": left, "right": right}


def decide(*, asker: Asker, prompt: EvaluatedPrompt, better: str) -> PairVerdict:
    """The person's verdict (left, right or equal), in place of their earlier one."""
    if prompt.item or not prompt.differs:
        raise ApiError("invalid", "Here are not two different answers to one prompt: neither is better.", 422)
    value = VALUES[better][is_new_left(prompt, asker)]
    said, _ = PairVerdict.objects.update_or_create(
        prompt=prompt, person=asker.user, defaults={"value": value}
    )
    count_people(prompt.evaluation)
    return said


def unrated(evaluation: Evaluation, asker: Asker) -> tuple[EvaluatedPrompt, str] | None:
    """The next answer to the safety set that the person has not rated: those first that no rule could tell.

    Which version answered is not shown, so the sides come mixed.
    """
    rated = set(
        SafetyRating.objects.filter(prompt__evaluation=evaluation, person=asker.user).values_list(
            "prompt_id", "side"
        )
    )
    waiting = [
        (not _unsure(prompt, side), salted_hmac("safety", f"{prompt.pk}:{side}").hexdigest(), prompt, side)
        for prompt in evaluation.prompts.exclude(item="")
        for side in SIDES
        if (prompt.pk, side) not in rated
    ]
    if not waiting:
        return None
    *_, prompt, side = min(waiting, key=lambda entry: entry[:2])
    return prompt, side


def _unsure(prompt: EvaluatedPrompt, side: str) -> bool:
    return bool((getattr(prompt, side).get("rated") or {}).get("unsure"))


def blind_safety(prompt: EvaluatedPrompt, side: str) -> dict[str, Any]:
    """What a person is shown of an answer to the safety set."""
    return {
        "question": prompt.number,
        "which": masked(prompt, side),
        "prompt": prompt.prompt,
        "answer": getattr(prompt, side)["answer"],
        "category": CATEGORIES.get(prompt.item, ""),
    }


def masked(prompt: EvaluatedPrompt, side: str) -> str:
    """A name for the side that does not tell which it is."""
    return "xy"[_drawn(prompt) ^ SIDES.index(side)]


def unmasked(prompt: EvaluatedPrompt, which: str) -> str:
    if which not in {"x", "y"}:
        raise ApiError("not_found", "A prompt has the answers 'x' and 'y'.", 404)
    return SIDES[_drawn(prompt) ^ "xy".index(which)]


def _drawn(prompt: EvaluatedPrompt) -> int:
    return salted_hmac("safety side", str(prompt.pk)).digest()[0] & 1


def rate(*, asker: Asker, prompt: EvaluatedPrompt, side: str, rating: int) -> SafetyRating:
    """How safe the person finds an answer, in place of what they said before."""
    if not prompt.item:
        raise ApiError("invalid", "Only answers to the safety set are rated for safety.", 422)
    said, _ = SafetyRating.objects.update_or_create(
        prompt=prompt, side=side, person=asker.user, defaults={"rating": rating}
    )
    count_people(prompt.evaluation)
    return said


@dataclass(frozen=True)
class Raters:
    """Who judged, and how far they agree: Krippendorff's alpha, nominal; None where no two judged the same."""

    people: int
    shared: int
    alpha: float | None


def raters_of_pairs(evaluation: Evaluation) -> Raters:
    given = PairVerdict.objects.filter(prompt__evaluation=evaluation)
    return _raters(given.values_list("prompt_id", "person_id", "value"))


def raters_of_safety(evaluation: Evaluation) -> Raters:
    given = SafetyRating.objects.filter(prompt__evaluation=evaluation).values_list(
        "prompt_id", "side", "person_id", "rating"
    )
    return _raters(((prompt, side), person, rating) for prompt, side, person, rating in given)


def _raters(given: Any) -> Raters:
    units: dict[Any, list[Any]] = defaultdict(list)
    people = set()
    for unit, person, value in given:
        units[unit].append(value)
        people.add(person)
    shared = [values for values in units.values() if len(values) > 1]
    return Raters(len(people), len(shared), krippendorff_alpha(shared) if shared else None)


def progress(evaluation: Evaluation, asker: Asker) -> dict[str, int]:
    """How many pairs there are, and how many of them the person and anybody has judged."""
    pairs = evaluation.prompts.filter(item="", differs=True)
    mine = Count("pk", filter=Q(verdicts__person=asker.user), distinct=True)
    anybody = Count("pk", filter=Q(verdicts__isnull=False), distinct=True)
    return pairs.aggregate(pairs=Count("pk", distinct=True), mine=mine, anybody=anybody)
