"""Bots over HTTP: what a description asks for, and the flow made of it."""

import uuid
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from flowbuilder.flows.api import must_edit, whole
from flowbuilder.flows.bots.services import create_bot
from flowbuilder.flows.bots.understanding import Answers, Understanding, understand

router = Router(tags=["flows"])


class BotDescription(Schema):
    description: str = Field(min_length=1, max_length=4000)


class NewBot(BotDescription):
    """What is left out is read from the description."""

    name: str = Field(min_length=1, max_length=100)
    looks_up: bool | None = None
    answers: Answers | None = None
    labels: list[str] | None = Field(None, max_length=50)
    base: uuid.UUID | None = None
    model: str = Field("", max_length=120)

    def understood(self) -> Understanding:
        found = understand(self.description)
        changed: dict[str, Any] = {
            "looks_up": True if self.base else self.looks_up,
            "answers": self.answers,
            "labels": None if self.labels is None else tuple(dict.fromkeys(filter(None, self.labels))),
        }
        return replace(found, **{name: value for name, value in changed.items() if value is not None})


@router.post("/bots/understanding")
def understand_description(request: HttpRequest, body: BotDescription) -> dict[str, Any]:
    """What a bot of this description would do; nothing is made."""
    return shown(understand(body.description))


@router.post("/bots", response={201: dict[str, Any]})
def create(request: HttpRequest, body: NewBot) -> Any:
    """A flow drawn from the description, with a knowledge base of its own where it looks things up and names none."""
    must_edit(request)
    understood = body.understood()
    bot = create_bot(
        asker=request.asker,
        name=body.name,
        description=body.description,
        understood=understood,
        base_id=body.base,
        model=body.model,
    )
    base = {"id": str(bot.base.pk), "name": bot.base.name, "made": bot.made_base} if bot.base else None
    return Status(201, {**whole(bot.flow), "understood": shown(understood), "base": base})


def shown(understood: Understanding) -> dict[str, Any]:
    return {
        "language": understood.language,
        "looks_up": understood.looks_up,
        "answers": understood.answers,
        "invents": understood.invents,
        "labels": list(understood.labels),
        "schema": understood.schema,
    }
