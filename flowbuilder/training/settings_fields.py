"""A node's settings as fields of a form: made from its class, with its help, its limits and its defaults."""

from __future__ import annotations

import types
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from django import forms
from django.utils.translation import gettext as _
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from flowbuilder.training.sources import source_of


class SettingField(forms.CharField):
    """As text: the node says itself what is wrong with it. Empty is the default."""

    source = ""
    choices: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return "choice" if self.choices else "text"


def setting_fields(node: type[BaseModel], names: list[str], recipe: str, prefix: str = "") -> dict[str, Any]:
    return {f"{prefix}{name}": setting_field(name, node.model_fields[name], recipe) for name in names}


def setting_field(name: str, info: FieldInfo, recipe: str) -> SettingField:
    field = SettingField(
        required=False,
        max_length=200,
        label=label_of(name),
        help_text=_(info.description) if info.description else "",
        initial=shown(info.default),
        widget=forms.TextInput(attrs=attributes(info)),
    )
    field.source = source_of(recipe, name)
    kind = plain(info.annotation)
    if kind is bool:
        field.choices = ("true", "false")
    elif get_origin(kind) is Literal:
        field.choices = tuple(str(value) for value in get_args(kind))
    return field


def label_of(name: str) -> str:
    words = name.replace("_", " ")
    told = _(words.title())
    if told != words.title():
        return told  # under the title that the node's settings have in the catalogue
    return {"kl": "KL weight", "target kl": "Target KL", "lora rank": "LoRA rank"}.get(
        words, words.capitalize()
    )


def attributes(info: FieldInfo) -> dict[str, Any]:
    """What a browser needs to offer numbers alone."""
    kind = plain(info.annotation)
    if kind not in {int, float}:
        return {}
    found: dict[str, Any] = {"type": "number", "step": "1" if kind is int else "any"}
    for limit in info.metadata:
        match limit:
            case Ge(ge=least) | Gt(gt=least):
                found["min"] = least
            case Le(le=most) | Lt(lt=most):
                found["max"] = most
    if info.default is None:
        found["placeholder"] = _("chosen by the recipe")
    return found


def plain(annotation: Any) -> Any:
    """The type behind an optional one."""
    if get_origin(annotation) in {Union, types.UnionType}:
        return next(each for each in get_args(annotation) if each is not type(None))
    return annotation


def shown(value: Any) -> str:
    """As a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
