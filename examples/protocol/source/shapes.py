"""What the protocol consists of. Every text stands in both languages."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


class Text(NamedTuple):
    en: str
    zh: str

    def of(self, language: Language) -> str:
        return self.en if language == "en" else self.zh


@dataclass(frozen=True)
class Rules:
    """What a field's value must be; of an array, the values' rules are about each item."""

    enum: tuple[str, ...] = ()
    always: str = ""
    low: str = ""
    """Numbers stay as they were written: 0.50 is not turned into 0.5."""
    high: str = ""
    multiple: str = ""
    shortest: int | None = None
    longest: int | None = None
    pattern: str = ""
    fewest: int | None = None
    most: int | None = None
    unique: bool = False
    nullable: bool = False
    optional: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Field:
    name: str
    type: str
    """Of an array, its items'."""
    array: bool
    rules: Rules
    description: Text
    example: str = ""
    fields: tuple["Field", ...] = ()
    """An object's own."""


@dataclass(frozen=True)
class Record:
    name: str
    title: Text
    purpose: Text
    written: Text
    """When, and by whom."""
    fields: tuple[Field, ...]
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Section:
    title: Text
    paragraphs: tuple[Text, ...]


@dataclass(frozen=True)
class Chapter:
    title: Text
    introduction: Text
    sections: tuple[Section, ...] = ()
    records: tuple[Record, ...] = ()
    rules: tuple[Text, ...] = ()
    """Across its records."""
