from django import forms
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import ApiKey, Asker
from flowbuilder.flows.models import Flow
from flowbuilder.publishing.keys import issue


class NewKeyForm(forms.Form):
    name = forms.CharField(max_length=100)
    flow = forms.ModelChoiceField(queryset=Flow.objects.none(), required=False, empty_label=_("Everything"))

    def __init__(self, asker: Asker, *arguments, **options) -> None:
        super().__init__(*arguments, **options)
        self.asker = asker
        self.fields["flow"].queryset = Flow.objects.visible_to(asker).order_by("name")

    def issue(self) -> tuple[ApiKey, str]:
        """The new key with its plaintext, which is stored nowhere."""
        wanted = self.cleaned_data
        return issue(asker=self.asker, name=wanted["name"], flow=wanted["flow"])
