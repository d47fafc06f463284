"""The catalogue of this installation, loaded once a process."""

from functools import lru_cache

from django.conf import settings

from flowbuilder.engine.catalogue import Catalogue


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    return Catalogue.load(settings.FLOWBUILDER_NODE_PACKAGES)
