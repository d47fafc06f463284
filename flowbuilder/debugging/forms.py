"""How passages are looked for, as the pane's form says it: once, or twice side by side."""

from __future__ import annotations

from typing import Any

from django import forms
from pydantic import ValidationError

from nodes.knowledge.looking import Filter, Looking

MODES = [("hybrid", "hybrid"), ("meaning", "meaning"), ("keywords", "keywords")]


class LookingForm(forms.Form):
    limit = forms.IntegerField(min_value=1, max_value=50, initial=4, required=False)
    mode = forms.ChoiceField(choices=MODES, initial="hybrid", required=False)
    filters = forms.CharField(max_length=4000, required=False)
    """One a line: ``lang eq en``."""
    match = forms.ChoiceField(choices=[("all", "all"), ("any", "any")], initial="all", required=False)
    least = forms.FloatField(min_value=0, max_value=1, initial=0, required=False)
    window = forms.IntegerField(min_value=0, max_value=10, initial=0, required=False)
    most_tokens = forms.IntegerField(min_value=0, max_value=1_000_000, initial=0, required=False)
    reranker = forms.CharField(max_length=200, required=False)

    def looking(self) -> Looking | None:
        """None where a field is wrong; its errors say which."""
        if not self.is_valid():
            return None
        said = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        try:
            return Looking.model_validate({**said, "filters": self._filters(said.pop("filters", ""))})
        except (ValidationError, ValueError) as wrong:
            reason = wrong.errors()[0]["msg"] if isinstance(wrong, ValidationError) else str(wrong)
            self.add_error("filters", reason)
            return None

    @staticmethod
    def _filters(text: str) -> list[Filter]:
        found = []
        for line in filter(None, map(str.strip, text.splitlines())):
            parts = line.split(maxsplit=2)
            if len(parts) < 3:
                raise ValueError(
                    f"'{line[:60]}' is no condition: write field, operator and value: lang eq en"
                )
            field, op, value = parts
            found.append(Filter.model_validate({"field": field, "op": op, "value": value}))
        return found

    @classmethod
    def of(cls, looking: Looking, prefix: str) -> LookingForm:
        said: dict[str, Any] = looking.model_dump(mode="json")
        said["filters"] = "\n".join(
            f"{one.field} {one.op} {', '.join(map(str, one.choices)) if one.op == 'in' else one.value}"
            for one in looking.filters
        )
        return cls(initial=said, prefix=prefix)
