"""The form of a new training: few choices, and behind them every setting of the recipe's node."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.datasets.models import Dataset
from flowbuilder.flows.models import Flow
from flowbuilder.modelhub.models import Kind, ModelVersion, VersionStatus
from flowbuilder.tables.reading import MOST_BYTES
from flowbuilder.training import learned_from
from flowbuilder.training.models import Job, Recipe
from flowbuilder.training.order_data.judged import PracticeData
from flowbuilder.training.order_data.written import CorpusData, DemonstrationData, LabelledData, PairData
from flowbuilder.training.ordering import Prepared, prepare
from flowbuilder.training.orders import NOT_THE_RECIPES, Order, order_of
from flowbuilder.training.settings_fields import setting_fields
from nodes.base import NodeError
from nodes.reward.scoring import ProgrammedReward
from nodes.training.fine_tune import PPO_ONLY
from nodes.training.job import TrainingNode

FIRST = ("name", "size", "steps", "lora_rank")
"""Settings that are asked for before 'All settings' is opened."""
RULES = {rule.model_fields["kind"].default: rule for rule in get_args(get_args(ProgrammedReward)[0])}
SOURCES = [
    ("dataset", _("A dataset")),
    ("feedback", _("Feedback of a flow")),
    ("rows", _("Rows pasted or from a file")),
]
EXAMPLES: dict[type, str] = {
    DemonstrationData: '{"prompt": "Where is my parcel?", "completion": "It leaves today."}',
    PairData: '{"prompt": "Where is my parcel?", "chosen": "It leaves today.", "rejected": "No idea."}',
    LabelledData: '{"text": "Where is my parcel?", "label": "delivery"}',
    PracticeData: "Where is my parcel?",
    CorpusData: "A parcel is what a van brings.",
}
THE_SAME = ("job", _("What the earlier training learned from"))
NAMED = re.compile(r"'(\w+)[.'\d]")
"""The setting that an error begins with."""
PLACES = {"examples": "rows", "pairs": "rows", "prompts": "rows", "labelled": "rows", "reward_model": "judge"}


class PriorityForm(forms.Form):
    priority = forms.IntegerField(min_value=-100, max_value=100)


@dataclass(frozen=True)
class Rule:
    """A programmed reward in the form: whether it counts, and its own settings."""

    kind: str
    help: str
    chosen: Any
    settings: list[Any]


class OrderForm(forms.Form):
    model = forms.ChoiceField(label=_("Start from"))
    source = forms.ChoiceField(label=_("Learn from"), choices=SOURCES, initial="dataset")
    dataset = forms.ChoiceField(label=_("Dataset"), required=False)
    flow = forms.ModelChoiceField(
        Flow.objects.none(), label=_("Flow"), required=False, empty_label=_("All flows")
    )
    rows = forms.CharField(label=_("Rows"), required=False, widget=forms.Textarea)
    file = forms.FileField(label=_("or a file"), required=False)
    judge = forms.ChoiceField(label=_("Reward model"), required=False)
    priority = forms.IntegerField(
        label=_("Priority"),
        help_text=_("Of the trainings that wait the one with the highest goes first."),
        min_value=-100,
        max_value=100,
        initial=0,
        required=False,
    )
    processes = forms.IntegerField(
        label=_("Processes"),
        help_text=_("How many train side by side, each on a GPU of its own."),
        min_value=1,
        max_value=64,
        initial=1,
        required=False,
    )

    def __init__(
        self, asker: Asker, recipe: str, *args: Any, again: Job | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.asker, self.recipe, self.again = asker, recipe, again
        self.prepared: Prepared | None = None
        self._choices()
        names = self.setting_names
        self.fields |= setting_fields(self.order.node, names, recipe)
        if self.practises:
            for kind, rule in RULES.items():
                own = [name for name in rule.model_fields if name != "kind"]
                self.fields[f"rule-{kind}"] = forms.BooleanField(required=False)
                self.fields |= setting_fields(rule, own, recipe, f"rule-{kind}-")

    @cached_property
    def order(self) -> Order:
        return order_of(self.recipe)

    @property
    def wanted(self) -> str:
        return self.order.data.wanted

    @property
    def example(self) -> str:
        return EXAMPLES.get(self.order.data, "")

    @property
    def practises(self) -> bool:
        return self.order.data is PracticeData

    @property
    def setting_names(self) -> list[str]:
        names = [name for name in self.order.node.model_fields if name not in NOT_THE_RECIPES]
        if self.practises:
            names.append("reward_model_weight")
        if "name" in self.order.node.model_fields:
            names.insert(0, "name")
        names = [name for name in names if self.recipe == Recipe.PPO or name not in PPO_ONLY]
        return sorted(names, key=lambda name: name in TrainingNode.model_fields)

    def _choices(self) -> None:
        choices: dict[str, list[tuple[str, Any]]] = {
            "model": [(ref, ref) for ref in self._versions(self.order.starts_from)],
            "judge": [("", _("none"))] + [(ref, ref) for ref in self._versions((Kind.REWARD,))],
            "dataset": [("", _("choose"))] + [(ref, ref) for ref in self._datasets()],
            "source": [*SOURCES, THE_SAME] if self.again else SOURCES,
        }
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]
        self.fields["flow"].queryset = Flow.objects.visible_to(self.asker).order_by("name")  # type: ignore[attr-defined]
        if not self.order.starts_from:
            del self.fields["model"]

    def _versions(self, kinds: tuple[Kind, ...]) -> list[str]:
        versions = ModelVersion.objects.visible_to(self.asker).filter(
            status=VersionStatus.READY, kind__in=kinds
        )
        return [version.ref for version in versions.select_related("model")]

    def _datasets(self) -> list[str]:
        there = Dataset.objects.visible_to(self.asker).filter(newest__gt=0)
        named = [f"{dataset.name}@{number}" for dataset in there for number in range(dataset.newest, 0, -1)]
        return named[:200]

    def clean(self) -> dict[str, Any]:
        """The whole order is checked as over HTTP; what is wrong stands at its field."""
        said = super().clean() or {}
        if self.errors:
            return said
        try:
            said["data"] = self._data()
            self.prepared = prepare(**self.ordered())
        except NodeError as error:
            self._blame(str(error))
        except ApiError as error:
            self.add_error("rows", error.message)
        return said

    def ordered(self) -> dict[str, Any]:
        """What ``prepare`` and, with the priority, ``start_job`` take."""
        return {
            "workspace_id": self.asker.workspace.pk,
            "recipe": self.recipe,
            "model": self.cleaned_data.get("model", ""),
            "settings": self.settings(),
            "data": self.cleaned_data["data"],
            "processes": self.cleaned_data["processes"] or 1,
        }

    def settings(self) -> dict[str, Any]:
        return {name: value for name in self.setting_names if (value := self.cleaned_data[name].strip())}

    def _data(self) -> dict[str, Any]:
        found = self._learned()
        if self.practises:
            found |= {"rewards": self.rules(), "reward_model": self.cleaned_data["judge"] or None}
        return found

    def _learned(self) -> dict[str, Any]:
        said = self.cleaned_data
        match said["source"]:
            case "dataset":
                if not said["dataset"]:
                    raise NodeError("'dataset': choose one, or bring rows.")
                return {"dataset": said["dataset"]}
            case "feedback":
                return learned_from.of_feedback(self.order, self.asker, said["flow"])
            case "job" if self.again is not None:
                return dict(self.again.data)
        if said["file"]:
            if said["file"].size > MOST_BYTES:
                raise NodeError(
                    f"'file': it may have {MOST_BYTES // 2**20} MB; make a dataset of a larger one."
                )
            return learned_from.of_upload(self.order, said["file"].name, said["file"].read())
        if not said["rows"].strip():
            raise NodeError(f"'rows': paste some, or choose a file. Needed: {self.order.data.wanted}.")
        return learned_from.of_text(self.order, said["rows"])

    def rules(self) -> list[dict[str, Any]]:
        return [{"kind": kind, **self._rule(kind)} for kind in RULES if self.cleaned_data[f"rule-{kind}"]]

    def _rule(self, kind: str) -> dict[str, Any]:
        begin = f"rule-{kind}-"
        named = {name: self.cleaned_data[name] for name in self.fields if name.startswith(begin)}
        return {name.removeprefix(begin): value for name, value in named.items() if value != ""}

    def _blame(self, message: str) -> None:
        """At the field that the message names; else above the form."""
        found = NAMED.match(message)
        name = PLACES.get(found[1], found[1]) if found else ""
        if name == "dataset" or "dataset" in message[:40]:
            name = "dataset" if self.cleaned_data.get("source") == "dataset" else name
        self.add_error(name if name in self.fields else None, message)

    @property
    def first(self) -> list[Any]:
        return [self[name] for name in FIRST if name in self.fields]

    @property
    def rest(self) -> list[Any]:
        return [self[name] for name in self.setting_names if name not in FIRST]

    @property
    def rest_is_wrong(self) -> bool:
        return any(field.errors for field in [*self.rest, self["priority"], self["processes"]])

    @property
    def rules_shown(self) -> list[Rule]:
        return [
            Rule(
                kind=kind,
                help=gettext((rule.__doc__ or "").strip()),
                chosen=self[f"rule-{kind}"],
                settings=[self[name] for name in self.fields if name.startswith(f"rule-{kind}-")],
            )
            for kind, rule in RULES.items()
            if self.practises
        ]


def initial_of(job: Job) -> dict[str, Any]:
    """The form as it would have been filled to order this job."""
    found: dict[str, Any] = {
        "model": job.base.ref if job.base else "",
        "source": "dataset" if job.dataset_version else "job",
        "dataset": job.dataset_version.ref if job.dataset_version else "",
        "judge": job.data.get("reward_model") or "",
        "priority": job.priority,
        "processes": job.processes,
        **{name: value for name, value in job.settings.items() if value is not None},
    }
    for rule in job.data.get("rewards") or []:
        begin = f"rule-{rule['kind']}"
        found[begin] = True
        found |= {f"{begin}-{name}": value for name, value in rule.items() if name != "kind"}
    return found
