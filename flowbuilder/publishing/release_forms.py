"""What the Publish page sends: one form for each of its parts."""

from __future__ import annotations

from typing import Any

from django import forms

from flowbuilder.publishing.models import Doors, Sources


class SwitchForm(forms.Form):
    """One door, open or closed."""

    door = forms.ChoiceField(choices=[(name, name) for name in ("api", "page", "embed")])
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


PARTS: dict[str, type[Any]] = {
    "switch": SwitchForm,
    "look": LookForm,
    "sites": SitesForm,
}


def first_error(form: forms.Form) -> str:
    name, errors = next(iter(form.errors.items()))
    return f"{name}: {errors[0]}"


def typed(doors: Doors, form: forms.Form | None) -> dict[str, Any]:
    """What the fields show: as it stands, or as it was typed where that was refused."""
    kept = {field: getattr(doors, field) for field in LookForm.base_fields}
    kept |= {
        "examples": "\n".join(doors.examples),
        "sites": "\n".join(doors.sites),
        "any_site": doors.any_site,
    }
    if form is not None:
        kept |= {name: value for name, value in form.data.items() if name in kept}
    return kept
