"""The form of a search: cases that there are, and cases that are written in it."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from flowbuilder.engine.graph import LONGEST_PATH
from flowbuilder.prompting.cases import MOST_CASES, Case
from flowbuilder.prompting.ordering import Plan

ARROW = "=>"
MEASURES = [
    ("agreement", gettext_lazy("Its fields, or words")),
    ("exact", gettext_lazy("Every letter")),
    ("contains", gettext_lazy("Containing it")),
]


class SearchForm(forms.Form):
    node = forms.CharField(max_length=LONGEST_PATH)
    setting = forms.CharField(max_length=80)
    known = forms.BooleanField(required=False)
    """Whether the cases of test sets and corrections count."""
    written = forms.CharField(required=False, max_length=200_000)
    measure = forms.ChoiceField(choices=MEASURES)
    model = forms.CharField(required=False, max_length=120)
    answers = forms.IntegerField(min_value=10, max_value=5000)
    rewards = forms.BooleanField(required=False)
    """Whether the flow's own reward node judges, too."""

    def clean_written(self) -> list[Case]:
        return written_cases(self.cleaned_data["written"])

    def plan(self, rewards: list[dict[str, Any]]) -> Plan:
        given = self.cleaned_data
        judges = rewards if given["rewards"] else []
        return Plan(
            measure=given["measure"], model=given["model"], answers=given["answers"], rewards=tuple(judges)
        )


def written_cases(text: str) -> list[Case]:
    """A line each: ``question => expected answer``, or a case as JSON. The error names the line."""
    cases = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            cases.append(_case(line.strip()))
        except (ValueError, ValidationError) as error:
            reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
            raise forms.ValidationError(
                _("Line %(number)d: %(reason)s") % {"number": number, "reason": reason}
            ) from error
    if len(cases) > MOST_CASES:
        raise forms.ValidationError(_("At most %(most)d cases at once.") % {"most": MOST_CASES})
    return cases


def _case(line: str) -> Case:
    if line.startswith("{"):
        return Case.model_validate(json.loads(line))
    question, arrow, expected = line.partition(ARROW)
    if not arrow:
        raise ValueError(_("write 'question => expected answer', or a case as JSON"))
    return Case(question=question.strip(), expected=expected.strip())
