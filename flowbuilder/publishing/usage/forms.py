"""Which runs the page of usage is about, and what models cost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import ApiKey, Asker
from flowbuilder.flows.models import Environment, Flow
from flowbuilder.publishing.usage.reading import Wanted
from flowbuilder.runs.models import Door


class FilterForm(forms.Form):
    """What names nothing filters nothing."""

    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("Until"), required=False)
    flow = forms.ModelChoiceField(
        Flow.objects.none(), label=_("Flow"), required=False, empty_label=_("All flows")
    )
    key = forms.ModelChoiceField(
        ApiKey.objects.none(), label=_("Key"), required=False, empty_label=_("All keys")
    )
    door = forms.ChoiceField(
        label=_("Way in"), choices=[("", _("All ways in")), *Door.choices], required=False
    )
    environment = forms.ChoiceField(
        label=_("Environment"), choices=[("", _("All environments")), *Environment.choices], required=False
    )

    def __init__(self, asker: Asker | None, *args: Any) -> None:
        super().__init__(*args)
        self.fields["flow"].queryset = Flow.objects.visible_to(asker).order_by("name")  # type: ignore[attr-defined]
        self.fields["key"].queryset = ApiKey.objects.visible_to(asker).order_by("name")  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        self.is_valid()
        said = self.cleaned_data
        flow, key = said.get("flow"), said.get("key")
        wanted = Wanted(
            said.get("since"),
            said.get("until"),
            flow.pk if flow else None,
            key.pk if key else None,
            said.get("door", ""),
            said.get("environment", ""),
        )
        return wanted if wanted.first <= wanted.last else Wanted()


class PriceForm(forms.Form):
    """In the workspace's currency."""

    model = forms.CharField(label=_("Model"), max_length=200)
    input_price = forms.DecimalField(
        label=_("1000 tokens read"), min_value=0, max_digits=17, decimal_places=8, required=False
    )
    output_price = forms.DecimalField(
        label=_("1000 tokens written"), min_value=0, max_digits=17, decimal_places=8, required=False
    )
    second_price = forms.DecimalField(
        label=_("A second"), min_value=0, max_digits=17, decimal_places=8, required=False
    )


class BooksForm(forms.Form):
    currency = forms.CharField(label=_("Currency"), max_length=3)
    keep_days = forms.IntegerField(
        label=_("Days that runs are kept"), min_value=1, max_value=3650, required=False
    )
