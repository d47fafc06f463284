"""Measures have names that no template can write: ``R@5``."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def get(values: dict[str, Any], name: str) -> Any:
    return values.get(name)
