from dataclasses import dataclass
from typing import Literal

from pydantic import Field, model_validator

from nodes.base import Context, Node, NodeError
from nodes.language import safety
from nodes.language.personal import FORMS, findings, masked
from nodes.types import ModelRef, Value

MOST_TOPICS = 40
SHORTEST_WORD = 2
Personal = Literal["e-mail", "bank account", "Chinese ID", "card", "social security", "phone"]


class Verdict(Value):
    """What a guardrail says of a text."""

    passed: bool
    reasons: tuple[str, ...] = ()
    """Why not."""
    personal: tuple[str, ...] = ()
    """Kinds of personal data that were found."""
    topic: str = ""
    """The topic that is nearest."""
    rating: int | None = None
    """How safe it is, from 0 to 3."""

    def __str__(self) -> str:
        return "passed" if self.passed else "; ".join(self.reasons)


@dataclass(frozen=True)
class Guarded:
    passed: str | None
    """The text, with personal data masked where that is set."""
    blocked: str | None
    """Why it is stopped."""
    verdict: Verdict


class Guardrail(Node):
    """Lets a text pass or stops it: by topic, by personal data in it, and by how safe it is."""

    icon = "shield-check"
    tags = (
        "safety",
        "moderation",
        "pii",
        "topics",
        "jailbreak",
        "prompt injection",
        "mask",
        "privacy",
        "tigerarmor",
    )
    attempts = 3

    allow: tuple[str, ...] = Field((), max_length=MOST_TOPICS)
    """Topics, a few words each: a text must be about one of them. Empty allows all."""
    deny: tuple[str, ...] = Field((), max_length=MOST_TOPICS)
    """Topics that a text must not be about."""
    topics_by: Literal["words", "likeness"] = "words"
    """'words' looks for a topic's words, in any language; 'likeness' compares meanings with the embedder that is shipped (English)."""
    alike: float = Field(0.35, ge=0, le=1)
    """For 'likeness': from here on a text is about a topic."""
    personal: Literal["pass", "mask", "block"] = "mask"
    """What happens with personal data: nothing, '[e-mail]' in its place, or the text is stopped."""
    kinds: tuple[Personal, ...] = ("e-mail", "bank account", "Chinese ID", "card", "social security", "phone")
    """Which of them are looked for. Numbers count only where their check digits are right."""
    safety_by: Literal["off", "rules", "model"] = "rules"
    """Who rates from 0 (harmful) to 3 (harmless and helpful): 'rules' know attempts to undo instructions and plain requests for harm; a model knows more."""
    least_rating: int = Field(2, ge=0, le=3)
    """What is rated lower is stopped."""
    model: ModelRef = "starter"
    """For 'model'. The one that came with Flowbuilder is too small to rate."""

    @model_validator(mode="after")
    def _topics_have_words(self) -> "Guardrail":
        for setting in ("allow", "deny"):
            if any(len(topic.strip()) < SHORTEST_WORD for topic in getattr(self, setting)):
                raise ValueError(f"'{setting}' has a topic without words")
        return self

    async def run(self, ctx: Context, text: str) -> Guarded:
        reasons: list[str] = []
        found = findings(text, self.kinds if self.personal != "pass" else ())
        kinds = tuple(kind for kind in FORMS if any(finding.kind == kind for finding in found))
        if found and self.personal == "block":
            reasons.append(f"It holds personal data: {', '.join(kinds)}")
        topic = await self._topic(ctx, text, reasons)
        rating = await self._rating(ctx, text, reasons)
        passed = not reasons
        verdict = Verdict(passed=passed, reasons=tuple(reasons), personal=kinds, topic=topic, rating=rating)
        ctx.report(
            "decision", {"passed": passed, "reasons": reasons, "personal": list(kinds), "rating": rating}
        )
        if not passed:
            return Guarded(None, "; ".join(reasons), verdict)
        return Guarded(masked(text, found) if self.personal == "mask" else text, None, verdict)

    async def _topic(self, ctx: Context, text: str, reasons: list[str]) -> str:
        """The nearest topic; adds what there is against it."""
        if not self.allow and not self.deny:
            return ""
        about = await self._likeness(ctx, text) if self.topics_by == "likeness" else self._words(text)
        denied = [topic for topic in self.deny if about[topic] >= self._enough]
        if denied:
            reasons.append(f"It is about {denied[0]}, which is not allowed")
        if self.allow and not any(about[topic] >= self._enough for topic in self.allow):
            reasons.append(f"It is about none of: {', '.join(self.allow)}")
        best = max(about, key=lambda topic: about[topic])
        return best if about[best] >= self._enough else ""

    @property
    def _enough(self) -> float:
        return self.alike if self.topics_by == "likeness" else 1.0

    def _words(self, text: str) -> dict[str, float]:
        """1 where all words of a topic, or one of its words between commas, stand in the text."""
        plain = text.casefold()
        return {
            topic: float(
                any(
                    all(_stands(word, plain) for word in part.split())
                    for part in topic.casefold().split(",")
                    if part.strip()
                )
            )
            for topic in (*self.allow, *self.deny)
        }

    async def _likeness(self, ctx: Context, text: str) -> dict[str, float]:
        if ctx.embedding is None:
            raise NodeError("This installation has no embedder; set 'topics_by' to 'words'.")
        topics = [*self.allow, *self.deny]
        asked, *known = await ctx.embedding.vectors([text, *topics])
        return {
            topic: sum(a * b for a, b in zip(asked, vector, strict=True))
            for topic, vector in zip(topics, known, strict=True)
        }

    async def _rating(self, ctx: Context, text: str, reasons: list[str]) -> int | None:
        if self.safety_by == "off":
            return None
        rating, why = safety.by_rules(text)
        if self.safety_by == "model" and rating > safety.HARMFUL:
            rating, why = await safety.by_model(ctx, self.model, text)
        if rating < self.least_rating:
            reasons.append(f"Its safety is rated {rating} of 3: {why}")
        return rating


def _stands(word: str, text: str) -> bool:
    """As a word of its own where it is of letters that are parted by spaces."""
    if not word.isascii():
        return word in text
    at = text.find(word)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(word) : at + len(word) + 1]
        # A plural is the same topic.
        if not before.isalnum() and (not after.isalnum() or after == "s"):
            return True
        at = text.find(word, at + 1)
    return False
