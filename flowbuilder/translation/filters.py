"""What every template has: errors in the reader's language, and spans of time in words."""

from datetime import datetime
from typing import Any

from django import template
from django.template.defaultfilters import timesince_filter
from django.utils import timezone
from django.utils.translation import gettext

from flowbuilder.translation.errors import said

register = template.Library()
register.filter("said", said)
"""``{{ job.error|said }}``: an error that is kept in English, in the reader's language."""


@register.filter
def in_words(name: str) -> str:
    """A figure's name as it is read, not as it is written in JSON."""
    return name.replace("_", " ")


@register.filter
def timesince(value: datetime | None, now: datetime | None = None) -> Any:
    """Django's own, but for what has just happened: "0 minutes ago" is nothing that people say."""
    if isinstance(value, datetime) and now is None and (timezone.now() - value).total_seconds() < 60:
        return gettext("less than a minute")
    return timesince_filter(value, now)
