from collections.abc import AsyncIterator

from pydantic import Field

from nodes.base import Context, Node, Sampling
from nodes.language.saying import in_parts, parts_of
from nodes.types import ModelRef, Value


class Term(Value):
    """A word that is always translated the same."""

    term: str = Field(min_length=1, max_length=200)
    """As it stands in the text."""
    translation: str = Field(min_length=1, max_length=200)
    """As it shall stand in the translation; the same word keeps it as it is."""


class Translate(Node):
    """Translates a text, part by part where it is long, with your own words for your own terms."""

    icon = "languages"
    tags = ("language", "translation", "localise", "chinese", "english", "glossary")
    attempts = 3
    timeout = 1800

    model: ModelRef = "starter"
    """A model of this workspace that knows both languages; the one that came with Flowbuilder does not."""
    into: str = Field("English", min_length=1, max_length=60)
    """The language that it is translated into."""
    glossary: tuple[Term, ...] = Field((), max_length=200)
    """Terms with their translations. Only those that stand in a part are told to the model."""
    style: str = Field("", max_length=500)
    """How it shall read, such as 'formal' or 'as a short message'."""
    most_characters: int = Field(3000, ge=200, le=50_000)
    """So many of the text at once; where the model reads less, less."""
    max_new_tokens: int = Field(1024, ge=16, le=8192)
    """The limit of each part's translation, in tokens."""

    async def run(self, ctx: Context, text: str) -> AsyncIterator[str]:
        sampling = Sampling(max_new_tokens=self.max_new_tokens, temperature=0)
        for number, part in enumerate(parts_of(text, self.most_characters)):
            translated = await in_parts(ctx, self.model, self._prompt, part, sampling)
            yield ("\n\n" if number else "") + "\n\n".join(translated)

    def _prompt(self, part: str) -> str:
        known = [term for term in self.glossary if term.term.casefold() in part.casefold()]
        lines = [
            f"Translate the text into {self.into}. Keep names, numbers and Markdown. Write the translation alone."
        ]
        if self.style:
            lines.append(f"Style: {self.style}.")
        if known:
            lines.append("Terms:\n" + "\n".join(f"- {term.term}: {term.translation}" for term in known))
        return "\n\n".join([*lines, f"Text:\n{part.strip()}"])
