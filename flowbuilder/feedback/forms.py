from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import Asker, User
from flowbuilder.feedback.models import Kind, Rating, RatingQuerySet, Reason
from flowbuilder.flows.models import Flow
from flowbuilder.tables.shapes import LONGEST

SHOWN_KINDS = [(value, label) for value, label in Kind.choices if value != Kind.SKIP]


class FilterForm(forms.Form):
    """Which ratings the page shows. What names nothing filters nothing."""

    flow = forms.ModelChoiceField(Flow.objects.none(), required=False, empty_label=_("All flows"))
    kind = forms.ChoiceField(choices=[("", _("All kinds")), *SHOWN_KINDS], required=False)
    person = forms.ModelChoiceField(User.objects.none(), required=False, empty_label=_("Everybody"))

    def __init__(self, asker: Asker | None, *args: Any) -> None:
        super().__init__(*args)
        self.fields["flow"].queryset = Flow.objects.visible_to(asker).order_by("name")  # type: ignore[attr-defined]
        self.fields["person"].queryset = raters(asker)  # type: ignore[attr-defined]

    def narrow(self, ratings: RatingQuerySet) -> RatingQuerySet:
        self.is_valid()
        return ratings.matching(**self.cleaned_data)


def raters(asker: Asker | None) -> QuerySet[User]:
    people = Rating.objects.visible_to(asker).values("person")
    return User.objects.filter(pk__in=people).order_by("name", "email")


class ReviewForm(forms.Form):
    """One verdict of the review queue."""

    verdict = forms.ChoiceField(choices=[(name, name) for name in ("up", "down", "skip", "correct")])
    reason = forms.ChoiceField(choices=[("", ""), *Reason.choices], required=False)
    comment = forms.CharField(max_length=2000, required=False)
    correction = forms.CharField(max_length=LONGEST, required=False, strip=False)

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
