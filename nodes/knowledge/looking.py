"""How passages are looked for: declared once for the node, the HTTP API, the debug pane and test runs."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, field_validator, model_validator

Plain = str | int | float | bool
MOST_FILTERS = 20


class Filter(BaseModel):
    """A condition on a document: on what its metadata says, or on ``document`` (its name), ``format``, ``origin``."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    field: str = Field(min_length=1, max_length=100)
    """A name in the documents' metadata; or document, format, origin."""
    op: Literal["eq", "ne", "in", "gt", "lt", "contains"] = "eq"
    """Equal, not equal, one of, greater, less, contains."""
    value: Annotated[Plain | tuple[Plain, ...], WithJsonSchema({"type": "string"})] = ""
    """What it is compared with; for 'in' several, separated by commas."""

    @field_validator("value", mode="after")
    @classmethod
    def _not_endless(cls, value: Any) -> Any:
        if len(json.dumps(value)) > 2000:
            raise ValueError("at most 2,000 characters")
        return value

    @model_validator(mode="after")
    def _several_only_for_in(self) -> Filter:
        if isinstance(self.value, tuple) and self.op != "in":
            raise ValueError(f"'{self.op}' compares with one value; several go with 'in'")
        return self

    def keeps(self, facts: dict[str, Any]) -> bool:
        """Whether a document of these facts may be searched. What it does not say, it is not: only 'ne' keeps it."""
        said = facts.get(self.field)
        if self.op == "ne":
            return said is None or not _same(said, self.value)
        if said is None:
            return False
        if self.op == "eq":
            return _same(said, self.value)
        if self.op == "in":
            return any(_same(said, choice) for choice in self.choices)
        if self.op == "contains":
            parts = said if isinstance(said, list) else [said]
            exact = isinstance(said, list)
            wanted = _text(self.value)
            return any(_text(part) == wanted if exact else wanted in _text(part) for part in parts)
        return _before(self.value, said) if self.op == "gt" else _before(said, self.value)

    @property
    def choices(self) -> list[Plain]:
        if isinstance(self.value, tuple):
            return list(self.value)
        return [part.strip() for part in str(self.value).split(",")]


class Looking(BaseModel):
    """Settings of a search. What is empty or 0 is left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    limit: int = Field(4, ge=1, le=50)
    """How many passages at most."""
    mode: Literal["hybrid", "meaning", "keywords"] = "hybrid"
    """By meaning and words together, or by one alone. Where the embedder cannot read the text, words take over."""
    filters: tuple[Filter, ...] = Field((), max_length=MOST_FILTERS)
    """Only documents that these keep are searched."""
    match: Literal["all", "any"] = "all"
    """Whether all filters must keep a document, or any."""
    least: float = Field(0, ge=0, le=1)
    """How much a passage must have to do with the question, from 0 to 1; others are left out."""
    window: int = Field(0, ge=0, le=10)
    """So many passages before and after each are given with it."""
    most_tokens: int = Field(0, ge=0, le=1_000_000)
    """The best passages that fit into so many tokens are given; 0 is no limit."""
    reranker: str = Field("", max_length=200)
    """A cross-encoder that orders the best passages anew: a folder on the model shelf or a hub id. Empty takes the
    base's own; 'none' uses none."""

    def keeps(self, facts: dict[str, Any]) -> bool:
        if not self.filters:
            return True
        kept = (condition.keeps(facts) for condition in self.filters)
        return all(kept) if self.match == "all" else any(kept)


def _same(said: Any, wanted: Any) -> bool:
    if isinstance(said, list):
        return any(_same(part, wanted) for part in said)
    ours, theirs = _number(said), _number(wanted)
    return ours == theirs if ours is not None and theirs is not None else _text(said) == _text(wanted)


def _before(first: Any, second: Any) -> bool:
    """By number where both are; else by letter, which also puts ISO dates in order."""
    ours, theirs = _number(first), _number(second)
    if ours is not None and theirs is not None:
        return ours < theirs
    return not isinstance(first, list) and not isinstance(second, list) and _text(first) < _text(second)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip().casefold()
