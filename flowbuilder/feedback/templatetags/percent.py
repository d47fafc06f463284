"""Shares as people read them."""

from django import template

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


@register.filter
def points(difference: float) -> str:
    """Percentage points, with their sign."""
    return f"{100 * difference:+.1f}"
