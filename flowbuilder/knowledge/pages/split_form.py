"""The form of ``SplitSettings``, made from its fields: their types, limits, titles and descriptions stand there once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Le
from django import forms
from django.utils.translation import pgettext
from pydantic.fields import FieldInfo

from flowbuilder.knowledge.splitting import SplitSettings

CONTEXT = "splitting"
ONLY_FOR = {
    "level": {"heading"},
    "delimiter": {"delimiter"},
    "pattern": {"delimiter"},
    "keep_delimiter": {"delimiter"},
    "window": {"sentence"},
    "overlap": {"automatic", "heading", "delimiter"},
    "parents": {"automatic", "heading", "delimiter", "sentence"},
    "parent_length": {"automatic", "heading", "delimiter", "sentence"},
}
"""Settings that only some methods look at."""


class SplitForm(forms.Form):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in SplitSettings.model_fields.items():
            self.fields[name] = form_field(field)
        if self.is_bound:
            # A setting that another method showed was not sent: its field begins with the default.
            unsent = {
                name: field.default
                for name, field in SplitSettings.model_fields.items()
                if name not in self.data
            }
            self.data = self.data.copy()
            self.data.update(
                {
                    name: value
                    for name, value in unsent.items()
                    if isinstance(value, str) or type(value) is int
                }
            )

    @classmethod
    def of(cls, settings: SplitSettings) -> SplitForm:
        return cls(initial=settings.model_dump(mode="json"))

    def chosen(self) -> dict[str, Any]:
        """What the form says; a form that was not sent says what it began with. Settings of other methods keep their default."""
        values = self.cleaned_data if self.is_bound else self.initial
        method = values.get("method")
        return {
            name: value
            for name, value in values.items()
            if value not in (None, "") and method in ONLY_FOR.get(name, {method})
        }

    def shown(self) -> list[forms.BoundField]:
        """The fields that the chosen method looks at."""
        method = self["method"].value()
        hidden = {"parent_length"} if self["parents"].value() in {None, "none"} else set()
        return [
            self[name]
            for name in self.fields
            if name not in hidden and method in ONLY_FOR.get(name, {method})
        ]


def say(text: str) -> str:
    return pgettext(CONTEXT, text) if text else ""


def in_words(choice: str) -> str:
    return choice.replace("_", " ")


def texts() -> Iterator[str]:
    """All that the form looks up."""
    for field in SplitSettings.model_fields.values():
        yield from (field.title or "", field.description or "")
        kind = get_args(field.annotation)[0] if get_origin(field.annotation) is tuple else field.annotation
        if get_origin(kind) is Literal:
            yield from map(in_words, get_args(kind))


def form_field(field: FieldInfo) -> forms.Field:
    kind = field.annotation
    told: dict[str, Any] = {
        "label": say(field.title or ""),
        "help_text": say(field.description or ""),
        "required": False,
    }
    if get_origin(kind) is tuple:
        choices = get_args(get_args(kind)[0])
        return forms.MultipleChoiceField(
            choices=[(one, say(in_words(one))) for one in choices],
            widget=forms.CheckboxSelectMultiple,
            **told,
        )
    if get_origin(kind) is Literal:
        return forms.ChoiceField(choices=[(one, say(in_words(one))) for one in get_args(kind)], **told)
    if kind is bool:
        return forms.BooleanField(**told)
    if kind is int:
        limits: dict[str, Any] = {}
        for rule in field.metadata:
            limits |= {"min_value": rule.ge} if isinstance(rule, Ge) else {}
            limits |= {"max_value": rule.le} if isinstance(rule, Le) else {}
        return forms.IntegerField(**told, **limits)
    return forms.CharField(strip=False, max_length=200, **told)
