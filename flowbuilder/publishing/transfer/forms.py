"""What is typed where something is offered to somebody."""

from django import forms
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.accounts.reach import Thing
from flowbuilder.sharing import offers
from flowbuilder.sharing.offers import Made


class OfferForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254)

    def make(self, asker: Asker, thing: Thing) -> Made | None:
        if not self.is_valid():
            return None
        try:
            return offers.offer(asker=asker, thing=thing, email=self.cleaned_data["email"])
        except ApiError as error:
            self.add_error("email", error.message)
            return None
