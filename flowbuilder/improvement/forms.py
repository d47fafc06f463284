from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ImproveForm(forms.Form):
    """The few choices of an improvement."""

    recipe = forms.ChoiceField(
        choices=[
            ("grpo", _("Practise (GRPO)")),
            ("ppo", _("Practise with a critic (PPO)")),
            ("rloo", _("Practise, plainly (RLOO)")),
            ("dpo", _("Straight from the choices (DPO)")),
        ],
        initial="grpo",
    )
    effort = forms.ChoiceField(
        choices=[("quick", _("Quick")), ("normal", _("Normal")), ("thorough", _("Thorough"))],
        initial="normal",
    )
    promote = forms.BooleanField(required=False)

    def chosen(self) -> dict[str, Any]:
        """What ``services.improve`` takes; the first choices before anything was sent."""
        if not self.is_bound:
            return {"recipe": "grpo", "effort": "normal", "promote": False}
        return dict(self.cleaned_data)
