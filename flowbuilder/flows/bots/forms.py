"""The form of a new bot: what was understood stands in it as choices, and a choice that a person changed stays."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.flows.bots.services import Bot, create_bot, default_model
from flowbuilder.flows.bots.understanding import Answers, Understanding, understand
from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.modelhub.models import ModelVersion, VersionStatus
from flowbuilder.modelhub.registry import STARTER_NAME
from flowbuilder.modelhub.services import GENERATES
from nodes.base import NodeError

ANSWERS = [
    (Answers.TEXT, _("Text")),
    (Answers.RECORD, _("Records (JSON)")),
    (Answers.LABEL, _("One of some labels")),
    (Answers.SUMMARY, _("A summary")),
]


class NewBotForm(forms.Form):
    name = forms.CharField(max_length=100)
    description = forms.CharField(max_length=4000)
    looks_up = forms.BooleanField(required=False)
    base = forms.UUIDField(required=False)
    answers = forms.ChoiceField(choices=ANSWERS, required=False)
    labels = forms.CharField(max_length=1000, required=False)
    model = forms.CharField(max_length=120, required=False)
    read_from = forms.CharField(max_length=4000, required=False)
    """The description that the choices below it were read from; what differs from that was changed by a person."""

    @cached_property
    def read(self) -> Understanding:
        return understand(self["description"].value() or "")

    @cached_property
    def understood(self) -> Understanding:
        """What the description says, with what the person changed."""
        then = understand(self["read_from"].value() or "")
        changed: dict[str, Any] = {}
        if (looks_up := bool(self["looks_up"].value())) != then.looks_up:
            changed["looks_up"] = looks_up
        answers = self["answers"].value()
        if answers in set(Answers) and answers != then.answers:
            changed["answers"] = Answers(answers)
        if (labels := self._labels()) != then.labels:
            changed["labels"] = labels
        return replace(self.read, **changed)

    def _labels(self) -> tuple[str, ...]:
        parts = re.split(r"[,，、;；\n]", self["labels"].value() or "")
        return tuple(dict.fromkeys(part.strip()[:100] for part in parts if part.strip()))

    def create(self, asker: Asker) -> Bot | None:
        """The new bot; None where the form then says what is wrong."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        try:
            return create_bot(
                asker=asker,
                name=given["name"],
                description=given["description"],
                understood=self.understood,
                base_id=given["base"],
                model=given["model"],
            )
        except (ApiError, NodeError) as refused:
            self.add_error(None, str(refused))
            return None


def choices(asker: Asker) -> dict[str, Any]:
    """What the form offers to choose from."""
    models = ModelVersion.objects.visible_to(asker).filter(status=VersionStatus.READY, kind__in=GENERATES)
    promoted = models.filter(aliases__name="production").order_by("model__name")
    default = default_model(asker)
    return {
        "kinds": ANSWERS,
        "bases": KnowledgeBase.objects.visible_to(asker).order_by("name"),
        "models": promoted.values_list("model__name", flat=True),
        "default_model": default,
        "only_small": default == STARTER_NAME,
    }
