"""What the pages send: a document, or text; which mock answer to show."""

from __future__ import annotations

from typing import Any

from django import forms

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.apis import services, uploads
from flowbuilder.apis.models import ApiDescription, Revision


class ImportForm(forms.Form):
    file = forms.FileField(required=False)
    text = forms.CharField(required=False, strip=False)
    name = forms.CharField(required=False, max_length=100)
    example = forms.CharField(required=False)

    def create(self, asker: Asker) -> ApiDescription | None:
        """The new description; None where the form then says what is wrong."""
        found: ApiDescription | None = self._sent(
            lambda text, example: services.import_description(
                asker=asker, text=text, name=self.cleaned_data["name"], example=example
            )
        )
        return found

    def create_revision(self, asker: Asker, description: ApiDescription) -> Revision | None:
        found: Revision | None = self._sent(
            lambda text, example: services.import_again(
                asker=asker, description=description, text=text, example=example
            )
        )
        return found

    def _sent(self, take: Any) -> Any:
        if not self.is_valid():
            return None
        try:
            text = uploads.text_of(self.cleaned_data["file"], self.cleaned_data["text"])
            return take(text, self.cleaned_data["example"])
        except ApiError as refused:
            self.add_error("name" if refused.code == "conflict" else "text", refused.message)
            return None


class PreviewForm(forms.Form):
    status = forms.RegexField(r"^([1-5]\d\d)?$", required=False)
    seed = forms.IntegerField(required=False, min_value=0, max_value=2**53 - 1)
