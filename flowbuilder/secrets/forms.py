from __future__ import annotations

from collections.abc import Callable

from django import forms

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.secrets import services
from flowbuilder.secrets.models import Secret


class ValueForm(forms.Form):
    """A value is never given back: a form that is shown again has it empty."""

    value = forms.CharField(widget=forms.PasswordInput(render_value=False), strip=True)
    hosts = forms.CharField(max_length=6000)

    def replace(self, asker: Asker, secret: Secret) -> bool:
        return self._done(lambda: services.replace(asker=asker, secret=secret, **self.cleaned_data))

    def _done(self, act: Callable[[], object]) -> bool:
        if not self.is_valid():
            return False
        try:
            act()
        except ApiError as refused:
            self.add_error(None, refused.message)
            return False
        return True


class NewSecretForm(ValueForm):
    name = forms.CharField(max_length=60)

    def keep(self, asker: Asker) -> bool:
        return self._done(lambda: services.keep(asker=asker, **self.cleaned_data))
