"""What waits for a person's opinion: recent replies that they have not rated."""

from __future__ import annotations

from django.db.models import QuerySet

from flowbuilder.accounts.models import Asker
from flowbuilder.feedback.models import Rating
from flowbuilder.runs.models import Run, Status


def unrated(asker: Asker | None) -> QuerySet[Run]:
    """Newest first. What was asked for a comparison is judged there."""
    if not asker:  # also a lazy object around None
        return Run.objects.none()
    runs = Run.objects.visible_to(asker).filter(status=Status.FINISHED, left_of=None, right_of=None)
    mine = Rating.objects.filter(person=asker.user, run__isnull=False)
    return runs.exclude(reply="").exclude(pk__in=mine.values("run")).order_by("-created_at")
