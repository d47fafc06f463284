"""Live traffic divided between two versions of a model."""

from ninja import Router

router = Router(tags=["A/B tests"])
