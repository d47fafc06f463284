"""What the pages send: a new dataset, what is looked at, a row's words, what is collected."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, User
from flowbuilder.datasets import services
from flowbuilder.datasets.augmenting import MOST_SEEDS
from flowbuilder.datasets.collecting import Wanted
from flowbuilder.datasets.looking import Looked
from flowbuilder.datasets.models import Dataset, Kind, Origin, Split
from flowbuilder.feedback.forms import raters
from flowbuilder.flows.models import Flow
from flowbuilder.tables.reading import file_of, understood
from flowbuilder.tables.shapes import LONGEST, columns_of
from nodes.data.synthesis import ALL_KINDS, TEMPLATE, Plan

PROBLEMS = [
    ("", _("With and without problems")),
    ("duplicate", _("Duplicates")),
    ("contradictory", _("Contradictory")),
    ("too_long", _("Too long")),
    ("empty", _("Empty answer")),
    ("removed", _("Removed since the last version")),
]
ROLES = [("system", "system"), ("user", "user"), ("assistant", "assistant")]
LABELS = [("true", _("good")), ("false", _("bad"))]
NEW_TURNS = 2
MOST_SEED_BYTES = 8 * 2**20
SMALL_CHANGES = [
    ("case", _("Letter case")),
    ("punctuation", _("Punctuation")),
    ("typos", _("Typing errors")),
    ("list_order", _("Order of lists")),
    ("numbers", _("Ids and numbers")),
    ("width", _("Wide and narrow marks")),
]


class NewDatasetForm(forms.Form):
    name = forms.CharField(max_length=63)
    kind = forms.ChoiceField(choices=Kind.choices)
    train_share = forms.IntegerField(min_value=1, max_value=100, initial=80)
    validation_share = forms.IntegerField(min_value=0, max_value=99, initial=10)

    def create(self, asker: Asker) -> Dataset | None:
        """The new dataset; None where the form then says what is wrong."""
        if not self.is_valid():
            return None
        try:
            return services.create_dataset(workspace_id=asker.workspace.pk, **self.cleaned_data)
        except ApiError as refused:
            self.add_error("name", refused.message)
            return None


class LookForm(forms.Form):
    """Which rows the page shows. What names nothing filters nothing."""

    version = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label=_("Version"))
    split = forms.ChoiceField(
        choices=[("", _("All splits")), *Split.choices], required=False, label=_("Split")
    )
    origin = forms.ChoiceField(
        choices=[("", _("All origins")), *Origin.choices], required=False, label=_("Origin")
    )
    problem = forms.ChoiceField(choices=PROBLEMS, required=False, label=_("Problem"))
    q = forms.CharField(max_length=200, required=False)

    def __init__(self, dataset: Dataset, *args: Any) -> None:
        super().__init__(*args)
        numbers = [(number, f"{dataset.name}@{number}") for number in range(dataset.newest, 0, -1)]
        self.fields["version"].choices = [("", _("Draft")), *numbers]  # type: ignore[attr-defined]

    def asked(self) -> Looked:
        self.is_valid()
        return Looked(**{name: value for name, value in self.cleaned_data.items() if value})


class RowForm(forms.Form):
    """The words of one row, a field for each column; of a conversation a role and a text for each turn."""

    def __init__(self, kind: str, content: dict[str, Any] | None = None, *args: Any) -> None:
        super().__init__(*args)
        self.kind, self.content = kind, content or {}
        if kind == Kind.MESSAGES:
            self._turns()
            return
        for column in columns_of(kind):
            if column == "label":
                said = str(self.content.get("label", True)).lower()
                self.fields[column] = forms.ChoiceField(choices=LABELS, initial=said, required=False)
            else:
                self.fields[column] = self._text(self.content.get(column, ""))

    @staticmethod
    def _text(initial: str) -> forms.CharField:
        wide = forms.Textarea(attrs={"rows": min(12, max(2, initial.count("\n") + len(initial) // 90 + 1))})
        return forms.CharField(initial=initial, widget=wide, required=False, max_length=LONGEST, strip=False)

    def _turns(self) -> None:
        turns = list(self.content.get("messages", []))
        sent = sum(name.startswith("role-") for name in self.data)
        blank = [{"role": role, "content": ""} for role in ("user", "assistant")][:NEW_TURNS]
        for number in range(max(len(turns) + len(blank), sent)):
            turn = (turns + blank)[number] if number < len(turns) + len(blank) else blank[0]
            self.fields[f"role-{number}"] = forms.ChoiceField(
                choices=ROLES, initial=turn["role"], required=False
            )
            self.fields[f"content-{number}"] = self._text(turn["content"])

    def said(self) -> dict[str, Any]:
        """The row as it was written. Empty turns are none."""
        self.is_valid()
        # A browser sends a textarea's lines with CRLF.
        told = {name: value.replace("\r\n", "\n") for name, value in self.cleaned_data.items()}
        if self.kind == Kind.MESSAGES:
            numbers = range(len(self.fields) // 2)
            turns = [{"role": told[f"role-{n}"], "content": told[f"content-{n}"]} for n in numbers]
            return {"messages": [turn for turn in turns if turn["content"].strip()]}
        if "label" in told:
            return {**told, "label": told["label"] == "true"}
        return told


class CollectForm(forms.Form):
    """Which feedback is taken in."""

    flow = forms.ModelChoiceField(Flow.objects.none(), required=False, empty_label=_("All flows"))
    person = forms.ModelChoiceField(User.objects.none(), required=False, empty_label=_("Everybody"))
    model = forms.CharField(max_length=120, required=False)
    node = forms.CharField(max_length=80, required=False)
    since = forms.DateTimeField(required=False)
    agreement = forms.FloatField(min_value=0, max_value=1, required=False, initial=0.5)
    proven = forms.FloatField(min_value=0, max_value=1, required=False)

    def __init__(self, asker: Asker | None, *args: Any) -> None:
        super().__init__(*args)
        self.fields["flow"].queryset = Flow.objects.visible_to(asker).order_by("name")  # type: ignore[attr-defined]
        self.fields["person"].queryset = raters(asker)  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        said = self.cleaned_data
        return Wanted(
            flows=[said["flow"].pk] if said["flow"] else [],
            person=said["person"].pk if said["person"] else None,
            **{name: said[name] for name in ("model", "node", "since", "proven")},
            agreement=said["agreement"] or 0,
        )


class MoveForm(forms.Form):
    split = forms.ChoiceField(choices=Split.choices)
    reason = forms.CharField(max_length=300)


class AugmentForm(forms.Form):
    """An order for synthetic rows. Its plan is checked as the node's settings are."""

    method = forms.ChoiceField(choices=[("perturb", "perturb"), ("generate", "generate")], initial="perturb")
    kinds = forms.MultipleChoiceField(choices=SMALL_CHANGES, required=False, initial=ALL_KINDS)
    model = forms.CharField(max_length=120, required=False)
    template = forms.CharField(max_length=LONGEST, required=False, strip=False, initial=TEMPLATE)
    temperature = forms.FloatField(min_value=0.01, max_value=2, required=False, initial=0.9)
    max_new_tokens = forms.IntegerField(min_value=1, max_value=8192, required=False, initial=256)
    per_seed = forms.IntegerField(min_value=1, max_value=20, required=False, initial=3)
    count = forms.IntegerField(min_value=1, max_value=MOST_SEEDS, required=False, initial=100)
    q = forms.CharField(max_length=200, required=False)
    seed = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, initial=0)
    shortest = forms.IntegerField(min_value=1, max_value=10_000, required=False, initial=3)
    json_schema = forms.CharField(max_length=LONGEST, required=False)
    seeds = forms.CharField(max_length=2**20, required=False)
    file = forms.FileField(required=False)

    def ordered(self) -> dict[str, Any]:
        """What ``augmenting.order`` takes; ``ApiError`` says what is wrong."""
        if not self.is_valid():
            name, errors = next(iter(self.errors.items()))
            raise ApiError("invalid", f"{name}: {errors[0]}", 422)
        said = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}
        told = {name: said[name] for name in ("count", "q") if name in said}
        try:
            plan = Plan(**{name: value for name, value in said.items() if name in Plan.model_fields})
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise ApiError("invalid", f"{f'{where!r}: ' if where else ''}{first['msg']}", 422) from error
        return {"plan": plan, "seeds": [*self._written(), *self._uploaded()], **told}

    def _written(self) -> list[Any]:
        """A line is a row as JSON, or a text."""
        lines = [line.strip() for line in self.cleaned_data["seeds"].splitlines()]
        return [self._row(number, line) for number, line in enumerate(lines, start=1) if line]

    @staticmethod
    def _row(number: int, line: str) -> Any:
        if not line.startswith("{"):
            return line
        try:
            return json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ApiError("invalid", f"Line {number} of the seeds is not JSON: {error}", 422) from error

    def _uploaded(self) -> list[Any]:
        upload = self.cleaned_data["file"]
        if not upload:
            return []
        if upload.size > MOST_SEED_BYTES:
            message = _("A file of seeds may have %(n)d MB.") % {"n": MOST_SEED_BYTES // 2**20}
            raise ApiError("too_large", message, 413)
        return understood(upload.read(), file_of(upload.name), lambda row: row)
