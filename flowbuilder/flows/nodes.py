"""The catalogue of this installation, loaded once a process."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.plugins import Plugin, installed, with_plugins
from nodes.base import Node


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    return with_plugins(Catalogue.load(settings.FLOWBUILDER_NODE_PACKAGES), installed())[0]


@lru_cache(maxsize=1)
def plugins() -> list[Plugin]:
    """What other packages bring, and why some bring nothing."""
    return with_plugins(Catalogue.load(settings.FLOWBUILDER_NODE_PACKAGES), installed())[1]


def operation_in(kind: type[Node], settings: Mapping[str, Any]) -> str:
    """The API operation that a node of this kind is set to; empty where it names none."""
    for name, field in kind.model_fields.items():
        extra = field.json_schema_extra
        if isinstance(extra, dict) and extra.get("x-widget") == "operation":
            return str(settings.get(name) or "")
    return ""
