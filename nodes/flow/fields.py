"""Typed fields that people fill in: of an input form, and of what an approval asks for.

A field says what it takes, what a page shows, and turns what came (JSON, or text from an HTML form) into a value.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_core import to_jsonable_python

from nodes.types import LongText, Record, Value

LONGEST = 1_000_000
"""Characters of one text."""
RESERVED = {"webhook", "schedule", "history", "conversation"}
"""Inputs of a run that are no field of a form."""


class _Field(Value):
    name: str = Field(pattern=r"^[A-Za-z]\w{0,39}$")
    """Its name as an output, and in the run's inputs over HTTP."""
    label: str = Field("", max_length=200)
    """What people read; empty is the name in words."""
    help: str = Field("", max_length=500)
    """Stands below the field."""
    required: bool = True
    """It must be filled in."""

    port: ClassVar[Any] = str
    """The type of its output."""
    empty: ClassVar[Any] = ""
    """What comes out of one that is left empty; None leaves its output untaken."""

    @field_validator("name")
    @classmethod
    def _is_free(cls, name: str) -> str:
        if name in RESERVED:
            raise ValueError(f"'{name}' is taken: choose another name")
        return name

    @property
    def title(self) -> str:
        return self.label or self.name.replace("_", " ").capitalize()

    def accept(self, given: Any) -> Any:
        """The value; ``ValueError`` says what would do. Nothing was given where it is None."""
        if given is None or (isinstance(given, str) and not given.strip()):
            given = self.fallback()
            if given is None and self.required:
                raise ValueError("this is needed")
        return self.empty if given is None else self.read(given)

    def fallback(self) -> Any:
        """Its default; None where it has none."""
        said = vars(self).get("default")
        return None if said == "" else said

    def read(self, given: Any) -> Any:
        if not isinstance(given, str):
            raise ValueError(f"a text is needed, not {kind_of(given)}")
        if len(given) > LONGEST:
            raise ValueError(f"it has {len(given):,} characters; {LONGEST:,} are the most")
        return given

    def describe(self) -> dict[str, Any]:
        """For whoever draws the form."""
        return {**self.model_dump(mode="json"), "label": self.title, "default": tidy(self.fallback())}


class TextField(_Field):
    """One line."""

    kind: Literal["text"] = "text"
    default: str = ""


class LongTextField(_Field):
    """Several lines."""

    kind: Literal["long_text"] = "long_text"
    default: LongText = ""


class NumberField(_Field):
    """A number."""

    kind: Literal["number"] = "number"
    default: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    whole: bool = False
    """No fractions."""

    port: ClassVar[Any] = float
    empty: ClassVar[Any] = None

    def read(self, given: Any) -> Any:
        try:
            number = math.nan if isinstance(given, bool) else float(given)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not math.isfinite(number):
            raise ValueError(f"a number is needed, not {kind_of(given)}")
        if self.whole and number != round(number):
            raise ValueError(f"a whole number is needed, not {number:g}")
        if self.minimum is not None and number < self.minimum:
            raise ValueError(f"at least {self.minimum:g}, not {number:g}")
        if self.maximum is not None and number > self.maximum:
            raise ValueError(f"at most {self.maximum:g}, not {number:g}")
        return tidy(number)


class YesNoField(_Field):
    """A switch."""

    kind: Literal["yes_no"] = "yes_no"
    required: bool = False
    default: bool = False

    port: ClassVar[Any] = bool
    empty: ClassVar[Any] = False
    said: ClassVar[dict[str, bool]] = {
        **dict.fromkeys(("true", "yes", "on", "1"), True),
        **dict.fromkeys(("false", "no", "off", "0"), False),
    }

    def read(self, given: Any) -> bool:
        if isinstance(given, bool):
            return given
        if isinstance(given, str) and given.strip().lower() in self.said:
            return self.said[given.strip().lower()]
        raise ValueError(f"true or false is needed, not {kind_of(given)}")


class ChoiceField(_Field):
    """One of several."""

    kind: Literal["choice"] = "choice"
    choices: tuple[str, ...] = Field(("yes", "no"), min_length=1, max_length=200)
    default: str = ""

    @model_validator(mode="after")
    def _has_its_default(self) -> ChoiceField:
        if self.default and self.default not in self.choices:
            raise ValueError(f"the default '{self.default}' of '{self.name}' is none of its choices")
        return self

    def read(self, given: Any) -> str:
        if given not in self.choices:
            raise ValueError(f"one of {', '.join(self.choices)} is needed, not {kind_of(given)}")
        return str(given)


class DateField(_Field):
    """A day."""

    kind: Literal["date"] = "date"
    default: str = Field("", pattern=r"^(\d{4}-\d\d-\d\d)?$")
    """Like 2030-01-31."""

    def read(self, given: Any) -> str:
        try:
            return date.fromisoformat(given).isoformat()
        except (TypeError, ValueError):
            raise ValueError(f"a day like 2030-01-31 is needed, not {kind_of(given)}") from None


class FileField(_Field):
    """The text of a file that people pick."""

    kind: Literal["file"] = "file"
    endings: str = Field("", max_length=200)
    """What may be picked, for example ``.txt,.csv,.md``; empty takes every text file."""


class JsonField(_Field):
    """A JSON object or list."""

    kind: Literal["json"] = "json"
    default: LongText = ""

    port: ClassVar[Any] = Record
    empty: ClassVar[Any] = None

    @field_validator("default")
    @classmethod
    def _is_json(cls, text: str) -> str:
        if text.strip():
            _record(text)
        return text

    def read(self, given: Any) -> Record:
        if isinstance(given, Record):
            return given
        return _record(given if isinstance(given, str) else json.dumps(to_jsonable_python(given)))


FormField = Annotated[
    TextField | LongTextField | NumberField | YesNoField | ChoiceField | DateField | FileField | JsonField,
    Field(discriminator="kind"),
]


def check(fields: Sequence[FormField], given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values by name, and for each field that cannot be read a sentence that names it."""
    values, wrong = {}, {}
    for field in fields:
        try:
            values[field.name] = field.accept(given.get(field.name))
        except ValueError as error:
            wrong[field.name] = f"'{field.title}': {error}."
    return values, wrong


def fields_of(schema: Mapping[str, Any] | None) -> list[FormField]:
    """The properties of an object's JSON Schema as fields; what is no plain value is asked for as JSON."""
    properties = (schema or {}).get("properties")
    if not isinstance(properties, dict):
        return []
    needed = (schema or {}).get("required", [])
    return [_field(name, found, name in needed) for name, found in properties.items()]


def _field(name: str, schema: Any, required: bool) -> FormField:
    schema = schema if isinstance(schema, dict) else {}
    default = schema.get("default")
    # A property may have any name; a field's is held to what an output can be called.
    known: dict[str, Any] = {
        "name": name,
        "label": str(schema.get("title", ""))[:200],
        "help": str(schema.get("description", ""))[:500],
        "required": required,
    }
    if isinstance(choices := schema.get("enum"), list) and choices:
        texts = tuple(map(str, choices))
        return ChoiceField.model_construct(
            **known, choices=texts, default=str(default) if default in choices else ""
        )
    kind = schema.get("type")
    if kind in {"number", "integer"}:
        bounds = {"minimum": schema.get("minimum"), "maximum": schema.get("maximum")}
        return NumberField.model_construct(**known, **bounds, whole=kind == "integer", default=default)
    if kind == "boolean":
        return YesNoField.model_construct(**{**known, "required": False}, default=default is True)
    if kind == "string":
        text = default if isinstance(default, str) else ""
        if schema.get("format") == "date":
            return DateField.model_construct(**known, default=text)
        made = LongTextField if schema.get("maxLength", 0) > 200 else TextField
        return made.model_construct(**known, default=text)
    return JsonField.model_construct(**known, default=json.dumps(default) if default is not None else "")


def _record(text: str) -> Record:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise ValueError(f"this is not JSON: {error}") from None
    if not isinstance(data, dict | list):
        raise ValueError("a JSON object or list is needed")
    return Record(data=data)


def tidy(value: Any) -> Any:
    """20 rather than 20.0, which nobody typed."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def kind_of(given: Any) -> str:
    return f"'{given[:40]}'" if isinstance(given, str) else json.dumps(given, default=str)[:40]
