"""The limits of a key or a flow, as its page sends them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class LimitForm(forms.Form):
    """An empty field is no limit."""

    requests_a_minute = forms.IntegerField(
        label=_("Requests a minute"), min_value=0, max_value=1_000_000, required=False
    )
    runs_at_once = forms.IntegerField(
        label=_("Runs at once"), min_value=0, max_value=1_000_000, required=False
    )
    tokens_a_day = forms.IntegerField(label=_("Tokens a day"), min_value=0, max_value=10**12, required=False)
    tokens_a_month = forms.IntegerField(
        label=_("Tokens a month"), min_value=0, max_value=10**12, required=False
    )
    money_a_month = forms.DecimalField(
        label=_("Money a month"), min_value=0, max_digits=11, decimal_places=2, required=False
    )
