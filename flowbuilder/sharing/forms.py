"""What is typed where something is shared."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Group
from flowbuilder.accounts.reach import Thing
from flowbuilder.sharing import inviting, services
from flowbuilder.sharing.inviting import Sent
from flowbuilder.sharing.models import Right, Share
from flowbuilder.sharing.services import Kept, NewLink


class RightForm(forms.Form):
    right = forms.ChoiceField(choices=Right.choices, initial=Right.VIEW, label=_("May"))


class PersonForm(RightForm):
    email = forms.EmailField(label=_("E-mail"), max_length=254)

    def give(self, asker: Asker, thing: Thing) -> Sent | None:
        if not self.is_valid():
            return None
        told = self.cleaned_data
        try:
            return inviting.share_with_address(
                asker=asker, thing=thing, email=told["email"], right=Right(told["right"])
            )
        except ApiError as error:
            self.add_error("email", error.message)
            return None


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


class LinkChangeForm(forms.Form):
    """Of a link that there is: no day is no end, and an empty password leaves the one it has."""

    until = forms.DateField(label=_("Ends after"), required=False)
    password = forms.CharField(label=_("Password"), max_length=100, required=False)
    without = forms.BooleanField(label=_("Without a password"), required=False)

    def change(self, asker: Asker, share: Share) -> bool:
        if not self.is_valid():
            return False
        told = self.cleaned_data
        ends = share.expires_at and timezone.localtime(share.expires_at).date()
        try:
            services.change(
                asker=asker,
                share=share,
                expires_at=Kept.AS_IT_IS if ends == told["until"] else end_of(told["until"]),
                password="" if told["without"] else told["password"] or None,
            )
        except ApiError as error:
            self.add_error(None, error.message)
        return self.is_valid()


def end_of(day: Any) -> datetime | None:
    """The last moment of a day, here."""
    return day and timezone.make_aware(datetime.combine(day, time.max))
