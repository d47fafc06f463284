from django import forms

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.modelhub import adding
from flowbuilder.modelhub.models import HubUpload, Model, ModelVersion, Source
from flowbuilder.modelhub.uploading import request_upload


class NewModelForm(forms.Form):
    source = forms.ChoiceField(choices=[(Source.HUB, "hub"), (Source.FOLDER, "folder")])
    location = forms.CharField(max_length=200)
    name = forms.CharField(max_length=63)

    def create(self, asker: Asker) -> ModelVersion | None:
        """The version that is being added; None where the form then says what is wrong."""
        if not self.is_valid():
            return None
        try:
            return adding.add_model(asker=asker, **self.cleaned_data)
        except ApiError as refused:
            self.add_error("name", refused.message)
            return None


class ReasonForm(forms.Form):
    """Why an alias is moved: kept with the move, and wanted where the gate is closed."""

    reason = forms.CharField(max_length=2000, required=False)


class AliasForm(ReasonForm):
    """Which alias is to point where."""

    alias = forms.CharField(max_length=40)
    number = forms.IntegerField(min_value=1)


class DescriptionForm(forms.ModelForm):
    """What people say of a model, beside the facts."""

    intended_use = forms.CharField(max_length=4000, required=False)
    limits = forms.CharField(max_length=4000, required=False)

    class Meta:
        model = Model
        fields = ["intended_use", "limits"]


class UploadForm(forms.Form):
    """Where a version is to go, and that this is meant."""

    repository = forms.CharField(max_length=200)
    visibility = forms.ChoiceField(choices=[("private", "private"), ("public", "public")])
    confirm = forms.BooleanField(required=False)

    def create(self, version: ModelVersion, asker: Asker) -> HubUpload | None:
        """The upload; None where the form then says what is wrong."""
        if not self.is_valid():
            return None
        said = self.cleaned_data
        try:
            return request_upload(
                version=version,
                repository=said["repository"],
                private=said["visibility"] == "private",
                confirm=said["confirm"],
                asker=asker,
            )
        except ApiError as refused:
            self.add_error("repository", refused.message)
            return None
