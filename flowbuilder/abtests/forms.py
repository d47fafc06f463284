from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from flowbuilder.abtests import services
from flowbuilder.abtests.models import AbTest, Metric
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.modelhub.models import PRODUCTION, Kind, ModelVersion, VersionStatus


class NewTestForm(forms.Form):
    """Challengers with their shares; the rest has good defaults."""

    version = forms.ChoiceField()
    share = forms.IntegerField(min_value=1, max_value=99, initial=10)
    second = forms.ChoiceField(required=False)
    second_share = forms.IntegerField(min_value=1, max_value=98, initial=10, required=False)
    metric = forms.ChoiceField(choices=Metric.choices, initial=Metric.GOOD)
    alias = forms.CharField(max_length=63, initial=PRODUCTION)
    least = forms.IntegerField(min_value=1, max_value=1_000_000, initial=100)
    alpha = forms.FloatField(min_value=0.0001, max_value=0.5, initial=0.05)
    days = forms.IntegerField(min_value=1, max_value=365, initial=14)
    guard_errors = forms.BooleanField(required=False, initial=True)
    guard_unsafe = forms.BooleanField(required=False, initial=True)
    slow_seconds = forms.FloatField(min_value=0.001, max_value=86_400, required=False)
    long_tokens = forms.IntegerField(min_value=1, max_value=1_000_000, required=False)

    def __init__(self, asker: Asker | None, *args: Any) -> None:
        super().__init__(*args)
        self.versions = {version.ref: version for version in writers(asker)}
        known = [(ref, ref) for ref in self.versions]
        self.fields["version"].choices = known  # type: ignore[attr-defined]
        self.fields["second"].choices = [("", _("none")), *known]  # type: ignore[attr-defined]

    def start(self, asker: Asker) -> AbTest | None:
        """The test that now runs; None where the form then says what is wrong."""
        if not self.is_valid():
            return None
        said = dict(self.cleaned_data)
        version, second = self.versions[said.pop("version")], self.versions.get(said.pop("second"))
        challengers = [services.Challenger(version.number, said.pop("share"))]
        second_share = said.pop("second_share")
        if second is not None:
            if second.model_id != version.model_id:
                self.add_error("second", _("Both challengers are versions of one model."))
                return None
            challengers.append(services.Challenger(second.number, second_share or 1))
        try:
            return services.start(asker=asker, model=version.model, challengers=challengers, **said)
        except ApiError as refused:
            self.add_error(None, refused.message)
            return None


def writers(asker: Asker | None) -> QuerySet[ModelVersion]:
    """Versions that may be tested."""
    versions = ModelVersion.objects.visible_to(asker).filter(status=VersionStatus.READY)
    return versions.exclude(kind=Kind.REWARD).select_related("model")


class PromotionForm(forms.Form):
    reason = forms.CharField(max_length=2000, required=False)
