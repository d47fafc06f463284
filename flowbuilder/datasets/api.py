"""Training data: datasets with versions, splits and statistics."""

from ninja import Router

router = Router(tags=["datasets"])
