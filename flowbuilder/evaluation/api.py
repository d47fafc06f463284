"""Old against new: evaluations, and the gate before promotion."""

from ninja import Router

router = Router(tags=["evaluations"])
