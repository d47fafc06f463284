"""The forms of members, invitations, groups and workspaces: each does what the HTTP API does, and says why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Role
from flowbuilder.people.invitations import INVITED_AS
from flowbuilder.people.models import MOST_DAYS, MOST_USES


class Doing(forms.Form):
    """A form whose work may be refused; the reason stands above it."""

    def done(self, work: Callable[..., Any], **more: Any) -> Any:
        """What ``work`` gave, or None where the form or the work says no."""
        if not self.is_valid():
            return None
        try:
            return work(**more, **self.cleaned_data) or True
        except ApiError as error:
            self.add_error(None, error.message)
            return None


class InviteForm(Doing):
    role = forms.ChoiceField(
        label=_("As"), choices=[(role.value, role.label) for role in INVITED_AS], initial=Role.EDITOR
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    days = forms.IntegerField(label=_("Valid for days"), min_value=1, max_value=MOST_DAYS, initial=7)
    uses = forms.IntegerField(label=_("People per link"), min_value=1, max_value=MOST_USES, initial=1)


class NameForm(Doing):
    name = forms.CharField(label=_("Name"), max_length=100)


class GroupForm(NameForm):
    members = forms.TypedMultipleChoiceField(label=_("Members"), coerce=int, required=False)

    def __init__(self, members: list[Any], *args: Any) -> None:
        super().__init__(*args)
        self.fields["members"].choices = [(one.pk, str(one.user)) for one in members]  # type: ignore[attr-defined]


class NewAccountForm(forms.Form):
    """Of somebody who was invited and is new here."""

    name = forms.CharField(label=_("Your name"), max_length=100)
    email = forms.EmailField(label=_("E-mail"))
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters."),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=100)


class EmailForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"))
