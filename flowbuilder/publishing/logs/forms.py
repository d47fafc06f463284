"""Which runs the page of logs shows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import ApiKey, Asker
from flowbuilder.flows.models import Flow
from flowbuilder.publishing.logs.reading import Wanted
from flowbuilder.runs.models import Door, Status

STATUSES = {
    Status.QUEUED: _("Queued"),
    Status.RUNNING: _("Running"),
    Status.WAITING: _("Waiting"),
    Status.FINISHED: _("Finished"),
    Status.FAILED: _("Failed"),
    Status.CANCELLED: _("Cancelled"),
}


class FilterForm(forms.Form):
    """What names nothing filters nothing."""

    text = forms.CharField(label=_("Text in inputs, outputs and errors"), max_length=200, required=False)
    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("Until"), required=False)
    flow = forms.ModelChoiceField(
        Flow.objects.none(), label=_("Flow"), required=False, empty_label=_("All flows")
    )
    status = forms.ChoiceField(
        label=_("Status"), choices=[("", _("Any status")), *STATUSES.items()], required=False
    )
    door = forms.ChoiceField(
        label=_("Way in"), choices=[("", _("All ways in")), *Door.choices], required=False
    )
    key = forms.ModelChoiceField(
        ApiKey.objects.none(), label=_("Key"), required=False, empty_label=_("All keys")
    )

    def __init__(self, asker: Asker | None, *args: Any) -> None:
        super().__init__(*args)
        self.fields["flow"].queryset = Flow.objects.visible_to(asker).order_by("name")  # type: ignore[attr-defined]
        self.fields["key"].queryset = ApiKey.objects.visible_to(asker).order_by("name")  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        self.is_valid()
        said = self.cleaned_data
        flow, key = said.get("flow"), said.get("key")
        return Wanted(
            text=said.get("text", "").strip(),
            since=said.get("since"),
            until=said.get("until"),
            flow=flow.pk if flow else None,
            key=key.pk if key else None,
            status=said.get("status", ""),
            door=said.get("door", ""),
        )
