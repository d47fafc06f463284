"""What people in a flow's editor see of each other: where they point, what they have chosen, in which group they are."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from pydantic import BaseModel, ConfigDict, Field

from flowbuilder.accounts.models import User

COLOURS = ("red", "orange", "amber", "green", "teal", "sky", "indigo", "pink")
"""Names that the editor's style sheet knows."""


class Point(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    x: float
    y: float


class Look(BaseModel):
    """What an open editor says of its person."""

    model_config = ConfigDict(extra="forbid")

    client: str = Field("", max_length=60)
    cursor: Point | None = None
    """On the canvas, not on the screen."""
    selection: list[str] = Field([], max_length=200)
    within: list[str] = Field([], max_length=40)
    """The groups that were entered, the outermost first."""
    dragged: dict[str, Point] = Field({}, max_length=200)
    """Where things are that are being moved."""


def person(user: User | None) -> dict[str, Any]:
    """The same name and colour in all of their tabs, and for everybody."""
    if user is None:
        return {"person": 0, "name": gettext("Somebody with the link"), "colour": COLOURS[0]}
    return {"person": user.pk, "name": str(user), "colour": COLOURS[user.pk % len(COLOURS)]}
