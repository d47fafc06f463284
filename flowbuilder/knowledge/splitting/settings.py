"""How a document is split: one typed object for the form, the API and the rows of bases and documents."""

from __future__ import annotations

from typing import Literal, Self

import regex
from pydantic import BaseModel, ConfigDict, Field, model_validator

Cleaning = Literal["running_heads", "spaces", "urls", "emails", "full_width"]


class SplitSettings(BaseModel):
    """The default is automatic: at headings, lists, tables and sentence ends, in pieces that the embedder reads whole."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    method: Literal["automatic", "heading", "delimiter", "sentence", "questions"] = Field(
        "automatic",
        title="Method",
        description="automatic: at headings, lists, tables and sentence ends. heading: a passage for each heading down to a "
        "level. delimiter: wherever a text or pattern stands. sentence: a passage for each sentence, given with its "
        "neighbours. questions: pairs of question and answer, from a table with such columns or from lines like Q: and A:.",
    )
    unit: Literal["tokens", "characters"] = Field(
        "tokens",
        title="Lengths are in",
        description="Tokens of the embedder, or characters. The embedder that is shipped reads 256 tokens of a passage and "
        "its heading; what is longer is found by its later words alone.",
    )
    length: int = Field(
        220,
        ge=20,
        le=20_000,
        title="Length",
        description="A passage has at most so many; a longer sentence is cut.",
    )
    overlap: int = Field(
        30,
        ge=0,
        le=5_000,
        title="Overlap",
        description="Whole sentences from the end of a passage that the next one of the same section begins with.",
    )
    level: int = Field(
        2,
        ge=1,
        le=6,
        title="Heading level",
        description="For the method heading: 1 splits at the largest headings only.",
    )
    delimiter: str = Field(
        r"\n\n",
        min_length=1,
        max_length=200,
        title="Delimiter",
        description=r"For the method delimiter. \n is a line's end, \t a tab.",
    )
    pattern: bool = Field(
        False, title="The delimiter is a pattern", description="A regular expression, such as ^Article \\d+ ."
    )
    keep_delimiter: bool = Field(
        False, title="Keep the delimiter", description="At the beginning of the passage that it starts."
    )
    parents: Literal["none", "section", "length", "document"] = Field(
        "none",
        title="Give more than was found",
        description="Small passages are searched, and the larger one that holds them is given: their section, a stretch of "
        "the parent length, or the whole document.",
    )
    parent_length: int = Field(
        900,
        ge=50,
        le=100_000,
        title="Parent length",
        description="At most so many in what is given in their place.",
    )
    window: int = Field(
        2,
        ge=0,
        le=10,
        title="Sentences around",
        description="For the method sentence: so many on each side are given too.",
    )
    cleaning: tuple[Cleaning, ...] = Field(
        ("running_heads",),
        title="Cleaning",
        description="running_heads: headers and footers that recur on the pages of a PDF. spaces: runs of spaces and empty "
        "lines. urls and emails: taken out. full_width: letters, digits and spaces of full width become plain.",
    )

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.overlap > self.length // 2:
            raise ValueError(
                f"The overlap may be half of the length at most: {self.length // 2}, and it is {self.overlap}."
            )
        if self.parents == "length" and self.parent_length <= self.length:
            raise ValueError(
                f"What is given must be longer than what is searched: the parent length is {self.parent_length}, the "
                f"length {self.length}."
            )
        if self.method == "delimiter" and self.pattern:
            try:
                regex.compile(self.delimiter)
            except regex.error as error:
                raise ValueError(f"The delimiter is no pattern: {error}.") from error
        return self
