"""What the Publish page sends: one form for each of its parts."""

from __future__ import annotations

from typing import Any

from django import forms

from flowbuilder.publishing.models import Doors, Sources


class ListField(forms.Field):
    """Every value that was sent under the name."""

    widget = forms.MultipleHiddenInput


class SwitchForm(forms.Form):
    """One door, open or closed."""

    door = forms.ChoiceField(choices=[(name, name) for name in ("api", "mcp", "page", "embed", "flowise")])
    open = forms.BooleanField(required=False)

    def changes(self) -> dict[str, Any]:
        return {self.cleaned_data["door"]: self.cleaned_data["open"]}


class LookForm(forms.Form):
    """What visitors see and may do."""

    address = forms.CharField(max_length=60, required=False)
    title = forms.CharField(max_length=100, required=False)
    description = forms.CharField(max_length=1000, required=False)
    examples = forms.CharField(required=False)
    sources = forms.ChoiceField(choices=Sources.choices)
    feedback = forms.BooleanField(required=False)
    pairs = forms.BooleanField(required=False)
    visitor_rate = forms.IntegerField(min_value=1, max_value=1000)
    flow_rate = forms.IntegerField(min_value=1, max_value=10_000)

    def changes(self) -> dict[str, Any]:
        return {**self.cleaned_data, "examples": self.cleaned_data["examples"].splitlines()}


class SitesForm(forms.Form):
    """Which sites show the widget."""

    sites = forms.CharField(required=False)
    any_site = forms.BooleanField(required=False)

    def changes(self) -> dict[str, Any]:
        return {**self.cleaned_data, "sites": self.cleaned_data["sites"].split()}


class FlowiseForm(forms.Form):
    """What clients made for Flowise may do without a key, and what their widget offers."""

    flowise_public = forms.BooleanField(required=False)
    flowise_files = forms.BooleanField(required=False)
    flowise_traces = forms.BooleanField(required=False)
    flowise_approvals = forms.BooleanField(required=False)
    flowise_follow_ups = forms.BooleanField(required=False)
    flowise_leads = forms.BooleanField(required=False)
    examples = forms.CharField(required=False)
    sites = forms.CharField(required=False)
    any_site = forms.BooleanField(required=False)

    def changes(self) -> dict[str, Any]:
        lists = {
            "examples": self.cleaned_data["examples"].splitlines(),
            "sites": self.cleaned_data["sites"].split(),
        }
        return {**self.cleaned_data, **lists}


class OverridesForm(forms.Form):
    """Which settings are left to callers: ``node|setting`` each."""

    allowed = ListField(required=False)

    def changes(self) -> dict[str, Any]:
        pairs = (sent.rpartition("|") for sent in self.cleaned_data["allowed"])
        return {"overrides": [{"node": node, "setting": setting} for node, _, setting in pairs]}


PARTS: dict[str, type[Any]] = {
    "switch": SwitchForm,
    "look": LookForm,
    "sites": SitesForm,
    "flowise": FlowiseForm,
    "overrides": OverridesForm,
}


def first_error(form: forms.Form) -> str:
    name, errors = next(iter(form.errors.items()))
    return f"{name}: {errors[0]}"


def typed(doors: Doors, form: forms.Form | None) -> dict[str, Any]:
    """What the fields show: as it stands, or as it was typed where that was refused."""
    kept = {field: getattr(doors, field) for field in {**LookForm.base_fields, **FlowiseForm.base_fields}}
    kept |= {
        "examples": "\n".join(doors.examples),
        "sites": "\n".join(doors.sites),
    }
    if form is not None:
        kept |= {name: value for name, value in form.data.items() if name in kept}
    return kept
