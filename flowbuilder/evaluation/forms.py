from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import Asker
from flowbuilder.datasets.models import DatasetVersion
from flowbuilder.evaluation.models import Evaluation, Gate
from flowbuilder.evaluation.services import evaluate
from flowbuilder.modelhub.models import Kind, ModelVersion, VersionStatus
from nodes.base import NodeError
from nodes.training.prompts import prompts_of

SHARES = ("win_rate", "reward_drop", "schema_drop", "worse_share", "reward_model_accuracy")
MOST = {**dict.fromkeys(SHARES, 1), "perplexity_rise": 100, "tast_drop": 100}
"""Of the gate's thresholds."""


class VersionChoice(forms.ChoiceField):
    """Versions of the asker's workspace, by what they are called."""

    def __init__(self, kind: str, *, empty: Any = None, **options: Any) -> None:
        super().__init__(required=empty is None, **options)
        self.kind = kind
        self.empty = empty

    def offer(self, asker: Asker) -> None:
        ready = ModelVersion.objects.visible_to(asker).filter(status=VersionStatus.READY, kind=self.kind)
        refs = [(version.ref, version.ref) for version in ready.select_related("model")]
        self.choices = refs if self.empty is None else [("", self.empty), *refs]


class NewEvaluationForm(forms.Form):
    """Which two versions, on what, and who says which answer is better."""

    after = VersionChoice(Kind.CAUSAL, label=_("New version"))
    before = VersionChoice(Kind.CAUSAL, label=_("Old version"), empty=_("what is in production"))
    dataset = forms.ChoiceField(label=_("Prompts held out by"), required=False)
    held_out = forms.ChoiceField(
        label=_("Of its splits"),
        required=False,
        choices=[("test", _("test")), ("validation", _("validation")), ("both", _("both"))],
    )
    prompts = forms.CharField(
        label=_("Or these prompts"),
        required=False,
        widget=forms.Textarea,
        max_length=2_000_000,
        help_text=_(
            "One a line, or JSON lines with “prompt” and perhaps “reference”. None of them may have been learned from."
        ),
    )
    valid_json = forms.BooleanField(label=_("is JSON"), required=False)
    exact = forms.BooleanField(label=_("equals the reference"), required=False)
    similarity = forms.BooleanField(label=_("is like the reference"), required=False)
    pattern = forms.CharField(label=_("Holds this pattern"), required=False, max_length=300)
    longest = forms.IntegerField(label=_("Has at most so many characters"), required=False, min_value=1)
    reward_model = VersionChoice(Kind.REWARD, label=_("Reward model"), empty=_("none"))
    judge = VersionChoice(Kind.CAUSAL, label=_("Judge model"), empty=_("none"))
    json_schema = forms.CharField(
        label=_("JSON Schema"), required=False, max_length=100_000, widget=forms.Textarea
    )
    safety = forms.BooleanField(label=_("Ask the safety set too"), required=False, initial=True)
    samples = forms.IntegerField(
        label=_("Drawn answers a prompt"), min_value=0, max_value=16, initial=0, required=False
    )
    max_new_tokens = forms.IntegerField(
        label=_("Longest answer, in tokens"), min_value=1, max_value=8192, initial=128
    )
    margin = forms.FloatField(
        label=_("Worse is a score lower by more than"), min_value=0, max_value=1, initial=0.1
    )

    def __init__(self, asker: Asker, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.asker = asker
        for field in self.fields.values():
            if isinstance(field, VersionChoice):
                field.offer(asker)
        versions = DatasetVersion.objects.visible_to(asker).select_related("dataset")
        refs = [(version.ref, version.ref) for version in versions[:500]]
        self.fields["dataset"].choices = [("", _("no dataset, the prompts below")), *refs]

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if not told.get("dataset") and not told.get("prompts", "").strip():
            self.add_error("prompts", _("Write at least one prompt, or choose a dataset."))
        return told

    def create(self) -> Evaluation | None:
        """The evaluation that was ordered; None where the form then says what is wrong."""
        if not self.is_valid():
            return None
        told = self.cleaned_data
        try:
            return evaluate(
                asker=self.asker,
                after=told["after"],
                before=told["before"],
                dataset=told["dataset"],
                held_out=told["held_out"] or "test",
                settings={
                    "json_schema": told["json_schema"],
                    "safety": told["safety"],
                    "samples": told["samples"] or 0,
                    "max_new_tokens": told["max_new_tokens"],
                    "margin": told["margin"],
                },
                data={
                    "prompts": self.asked(),
                    "rewards": self.rewards(),
                    "reward_model": told["reward_model"] or None,
                    "judge": told["judge"] or None,
                },
            )
        except (NodeError, ValueError) as refused:
            self.add_error(None, str(refused))
            return None

    def asked(self) -> list[dict[str, str]]:
        told = self.cleaned_data
        return [] if told["dataset"] else [line.model_dump() for line in prompts_of(told["prompts"])]

    def rewards(self) -> list[dict[str, Any]]:
        """As the reward nodes' settings write them."""
        told = self.cleaned_data
        chosen: list[dict[str, Any]] = [
            {"kind": kind} for kind in ("valid_json", "exact", "similarity") if told[kind]
        ]
        if told["pattern"]:
            chosen.append({"kind": "pattern", "pattern": told["pattern"]})
        if told["longest"]:
            chosen.append({"kind": "length", "most": told["longest"]})
        return chosen


class GateForm(forms.ModelForm):
    class Meta:
        model = Gate
        exclude = ["model"]
        labels = {
            "win_rate_by": _("Whose win rate counts"),
            "win_rate": _("The win rate's interval lies above"),
            "least_prompts": _("Prompts, at least"),
            "reward_drop": _("The mean reward may be lower by"),
            "schema_drop": _("Schema validity may be lower by"),
            "perplexity_rise": _("Perplexity may be higher by the share of"),
            "tast_drop": _("Safe answers (TAST) may be fewer by points"),
            "worse_share": _("Share of prompts answered worse, at most"),
            "reward_model_accuracy": _("The reward model's held-out accuracy, at least"),
            "most_days": _("The evaluation's age in days, at most"),
            "held_out": _("No prompt is one that it was trained on"),
            "against_production": _("Measured against what is in production now"),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["win_rate_by"].choices = [("", _("the most trusted that there is")), *Gate.JUDGES]
        for name, most in MOST.items():
            self.fields[name].validators += [MinValueValidator(0), MaxValueValidator(most)]
