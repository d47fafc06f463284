from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, User
from flowbuilder.engine.graph import LONGEST_PATH
from flowbuilder.feedback import gold
from flowbuilder.feedback.models import Gold, Kind, Rating, RatingQuerySet, Reason
from flowbuilder.feedback.services import must_correct
from flowbuilder.flows.models import Flow
from flowbuilder.tables.shapes import LONGEST

SHOWN_KINDS = [(value, label) for value, label in Kind.choices if value != Kind.SKIP]


def proven() -> list[tuple[str, Any]]:
    """As often as the form is made: a text with a number in it is in the language of that moment."""
    shares = [(str(share / 100), _("%s %% of gold right or more") % share) for share in (60, 70, 80, 90)]
    return [("", _("However they rate gold")), *shares]


class FilterForm(forms.Form):
    """Which ratings the page shows. What names nothing filters nothing."""

    flow = forms.ModelChoiceField(
        Flow.objects.none(), required=False, label=_("Flow"), empty_label=_("All flows")
    )
    kind = forms.ChoiceField(choices=[("", _("All kinds")), *SHOWN_KINDS], required=False, label=_("Kind"))
    person = forms.ModelChoiceField(
        User.objects.none(), required=False, label=_("Person"), empty_label=_("Everybody")
    )
    min_gold = forms.ChoiceField(choices=proven, required=False, label=_("Gold items right"))

    def __init__(self, asker: Asker | None, *args: Any) -> None:
        super().__init__(*args)
        self.fields["flow"].queryset = Flow.objects.visible_to(asker).order_by("name")  # type: ignore[attr-defined]
        self.fields["person"].queryset = raters(asker)  # type: ignore[attr-defined]
        if not asker or not asker.can_edit:
            del self.fields["min_gold"]

    @property
    def least(self) -> float | None:
        """The share of gold that a rater got right, at least."""
        return float(self.cleaned_data.get("min_gold") or 0) or None

    def narrow(self, ratings: RatingQuerySet) -> RatingQuerySet:
        self.is_valid()
        wanted = {name: self.cleaned_data.get(name) for name in ("flow", "kind", "person")}
        return ratings.matching(**wanted).by_proven(self.least)


def raters(asker: Asker | None) -> QuerySet[User]:
    people = Rating.objects.visible_to(asker).values("person")
    return User.objects.filter(pk__in=people).order_by("name", "email")


class ReviewForm(forms.Form):
    """One verdict of the review queue."""

    verdict = forms.ChoiceField(choices=[(name, name) for name in ("up", "down", "skip", "correct")])
    reason = forms.ChoiceField(choices=[("", ""), *Reason.choices], required=False)
    comment = forms.CharField(max_length=2000, required=False)
    correction = forms.CharField(max_length=LONGEST, required=False, strip=False)

    def verdict_of(self, text: str) -> bool | None:
        """What this says of a gold item's words; a correction says that they are bad."""
        said = self.cleaned_data
        if said["verdict"] == "correct":
            must_correct(text, said["correction"].replace("\r\n", "\n"))
        return None if said["verdict"] == "skip" else said["verdict"] == "up"

    def rating(self) -> dict[str, Any]:
        """What ``services.rate`` takes."""
        said = self.cleaned_data
        common = {"comment": said["comment"], "reason": said["reason"]}
        match said["verdict"]:
            case "correct":
                # A browser sends a textarea's lines with CRLF.
                correction = said["correction"].replace("\r\n", "\n")
                return {"kind": Kind.CORRECTION, "correction": correction, **common}
            case "skip":
                return {"kind": Kind.SKIP}
            case verdict:
                return {"kind": Kind.THUMBS, "up": verdict == "up", **common}


class QueueForm(forms.Form):
    """Which part of the queue is shown. What names nothing filters nothing."""

    what = forms.ChoiceField(
        choices=[(name, name) for name in ("answers", "pairs", "rankings")], required=False
    )
    flow = forms.ModelChoiceField(Flow.objects.none(), required=False, empty_label=_("All flows"))
    node = forms.CharField(max_length=LONGEST_PATH, required=False)

    def __init__(self, asker: Asker | None, *args: Any) -> None:
        super().__init__(*args)
        self.fields["flow"].queryset = Flow.objects.visible_to(asker).order_by("name")  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def chosen_what(self) -> str:
        return self.cleaned_data.get("what") or "answers"

    @property
    def chosen_flow(self) -> Flow | None:
        return self.cleaned_data.get("flow")

    @property
    def chosen_node(self) -> str:
        """Of the flow that is chosen; without one, everybody's replies are shown."""
        return self.cleaned_data.get("node", "") if self.chosen_flow else ""


class PairForm(forms.Form):
    better = forms.ChoiceField(choices=[(name, name) for name in ("left", "right", "equal", "skip")])
    comment = forms.CharField(max_length=2000, required=False)


class RankingForm(forms.Form):
    """The order as numbers from 0, the best first, with commas between; or a skip."""

    node = forms.CharField(max_length=LONGEST_PATH)
    order = forms.RegexField(r"^\d{1,2}(,\d{1,2})*$", required=False)
    skip = forms.BooleanField(required=False)

    def rating(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said["skip"]:
            return {"kind": Kind.SKIP, "node": said["node"]}
        order = [int(number) for number in said["order"].split(",") if number]
        return {"kind": Kind.RANKING, "node": said["node"], "order": order}


class GoldForm(forms.Form):
    """An answer somebody wrote to see who notices."""

    flow = forms.ModelChoiceField(Flow.objects.none(), empty_label=None)
    prompt = forms.CharField(max_length=LONGEST, strip=False)
    answer = forms.CharField(max_length=LONGEST, strip=False)
    verdict = forms.ChoiceField(choices=[("bad", _("bad")), ("good", _("good"))])
    why = forms.CharField(max_length=2000, required=False)

    def __init__(self, asker: Asker | None, *args: Any) -> None:
        super().__init__(*args)
        self.fields["flow"].queryset = Flow.objects.visible_to(asker).order_by("name")  # type: ignore[attr-defined]

    def write(self, asker: Asker) -> Gold | None:
        """The item; None where the form then says what is wrong."""
        if not self.is_valid():
            return None
        said = dict(self.cleaned_data)
        up = said.pop("verdict") == "good"
        said |= {name: said[name].replace("\r\n", "\n") for name in ("prompt", "answer")}
        try:
            return gold.write(asker=asker, up=up, **said)
        except ApiError as refused:
            self.add_error(None, refused.message)
            return None


class FrequencyForm(forms.Form):
    every = forms.IntegerField(min_value=0, max_value=1000)

    def clean_every(self) -> int:
        value: int = self.cleaned_data["every"]
        if value == 1:
            raise forms.ValidationError(_("Something else than gold has to come too."))
        return value
