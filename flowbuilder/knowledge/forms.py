from django import forms

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.knowledge import services
from flowbuilder.knowledge.models import KnowledgeBase


class NewBaseForm(forms.Form):
    name = forms.CharField(max_length=100)

    def create(self, asker: Asker) -> KnowledgeBase | None:
        """The new base; None where the form then says what is wrong."""
        if not self.is_valid():
            return None
        try:
            return services.create_base(asker=asker, name=self.cleaned_data["name"])
        except ApiError as refused:
            self.add_error("name", refused.message)
            return None
