"""What is typed where something is shared."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Group
from flowbuilder.accounts.reach import Thing
from flowbuilder.sharing import services
from flowbuilder.sharing.models import Right
from flowbuilder.sharing.services import NewLink


class RightForm(forms.Form):
    right = forms.ChoiceField(choices=Right.choices, initial=Right.VIEW, label=_("May"))


class PersonForm(RightForm):
    email = forms.EmailField(label=_("E-mail"), max_length=254)

    def give(self, asker: Asker, thing: Thing) -> bool:
        if not self.is_valid():
            return False
        told = self.cleaned_data
        try:
            services.share_with_person(
                asker=asker, thing=thing, email=told["email"], right=Right(told["right"])
            )
        except ApiError as error:
            self.add_error("email", error.message)
        return self.is_valid()


class GroupForm(RightForm):
    group = forms.ModelChoiceField(Group.objects.none(), label=_("Group"))

    def __init__(self, asker: Asker, *args: Any) -> None:
        super().__init__(*args)
        self.fields["group"].queryset = Group.objects.visible_to(asker)  # type: ignore[attr-defined]

    def give(self, asker: Asker, thing: Thing) -> bool:
        if self.is_valid():
            told = self.cleaned_data
            services.share_with_group(
                asker=asker, thing=thing, group=told["group"], right=Right(told["right"])
            )
        return self.is_valid()


class LinkForm(RightForm):
    until = forms.DateField(label=_("Ends after"), required=False)
    password = forms.CharField(label=_("Password"), max_length=100, required=False)

    def give(self, asker: Asker, thing: Thing) -> NewLink | None:
        if not self.is_valid():
            return None
        told = self.cleaned_data
        try:
            return services.share_by_link(
                asker=asker,
                thing=thing,
                right=Right(told["right"]),
                expires_at=end_of(told["until"]),
                password=told["password"],
            )
        except ApiError as error:
            self.add_error(None, error.message)
            return None


def end_of(day: Any) -> datetime | None:
    """The last moment of a day, here."""
    return day and timezone.make_aware(datetime.combine(day, time.max))
