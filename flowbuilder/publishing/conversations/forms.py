"""Which conversations the page shows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import Asker
from flowbuilder.flows.models import Flow
from flowbuilder.publishing.conversations.reading import Wanted
from flowbuilder.runs.models import INSIDE, Door

DOORS = [(value, label) for value, label in Door.choices if value not in INSIDE]
RATED = [
    ("", _("Rated or not")),
    ("rated", _("Rated")),
    ("up", _("With a good rating")),
    ("down", _("With a bad rating")),
    ("unrated", _("Not rated")),
]


class FilterForm(forms.Form):
    """What names nothing filters nothing."""

    flow = forms.ModelChoiceField(
        Flow.objects.none(), label=_("Flow"), required=False, empty_label=_("All flows")
    )
    door = forms.ChoiceField(label=_("Way in"), choices=[("", _("All ways in")), *DOORS], required=False)
    rated = forms.ChoiceField(label=_("Ratings"), choices=RATED, required=False)
    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("Until"), required=False)

    def __init__(self, asker: Asker | None, *args: Any) -> None:
        super().__init__(*args)
        self.fields["flow"].queryset = Flow.objects.visible_to(asker).order_by("name")  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        self.is_valid()
        said = self.cleaned_data
        flow = said.get("flow")
        return Wanted(
            flow=flow.pk if flow else None,
            door=said.get("door", ""),
            rated=said.get("rated", ""),
            since=said.get("since"),
            until=said.get("until"),
        )
