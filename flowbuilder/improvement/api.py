"""One button from feedback to a better model."""

from ninja import Router

router = Router(tags=["improvement"])
