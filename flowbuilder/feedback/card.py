"""What people's feedback adds to a model's card: how many rated its answers, and how."""

from __future__ import annotations

from django.db.models import Count, Q

from flowbuilder.accounts.models import Asker
from flowbuilder.feedback.models import Rating
from flowbuilder.modelhub.card import Section
from flowbuilder.modelhub.models import ModelVersion


def sections(asker: Asker, version: ModelVersion) -> list[Section]:
    said = Rating.objects.visible_to(asker).told().filter(model=version.ref)
    told = said.aggregate(
        ratings=Count("pk"),
        people=Count("person", distinct=True),
        good=Count("pk", filter=Q(up=True)),
        bad=Count("pk", filter=Q(up=False)),
    )
    if not told["ratings"]:
        return []
    rows = [
        ("Feedback", "Value"),
        ("Ratings of its answers", str(told["ratings"])),
        ("People", str(told["people"])),
        ("Thumbs up", str(told["good"])),
        ("Thumbs down", str(told["bad"])),
    ]
    return [Section("What people said", rows)]
