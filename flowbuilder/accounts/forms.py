from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.audit_words import words_of
from flowbuilder.accounts.models import AuditEventQuerySet


class SetupForm(forms.Form):
    """The first minute: who you are and what your workspace is called."""

    name = forms.CharField(label=_("Your name"), max_length=100)
    email = forms.EmailField(label=_("E-mail"))
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters."),
    )
    workspace_name = forms.CharField(label=_("Workspace"), max_length=100, initial=_("My workspace"))

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class AuditFilterForm(forms.Form):
    """Which events the page shows. What names nothing filters nothing."""

    text = forms.CharField(label=_("Search"), max_length=200, required=False)
    action = forms.ChoiceField(label=_("Action"), required=False)
    actor = forms.ChoiceField(label=_("Person"), required=False)
    subject = forms.CharField(label=_("About"), max_length=200, required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, events: AuditEventQuerySet, *args: Any) -> None:
        super().__init__(*args)
        actions, actors = (
            events.order_by(column).values_list(column, flat=True).distinct()
            for column in ("action", "actor_name")
        )
        named = sorted(((action, words_of(action)) for action in actions), key=lambda each: each[1])
        self.fields["action"].choices = [("", _("All actions")), *named]  # type: ignore[attr-defined]
        self.fields["actor"].choices = [("", _("Everybody")), *((name, name) for name in actors)]  # type: ignore[attr-defined]

    def narrow(self, events: AuditEventQuerySet) -> AuditEventQuerySet:
        self.is_valid()
        return events.matching(**self.cleaned_data)
