"""The catalogue of this installation, loaded once a process."""

from functools import lru_cache

from django.conf import settings

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.plugins import Plugin, installed, with_plugins


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    return with_plugins(Catalogue.load(settings.FLOWBUILDER_NODE_PACKAGES), installed())[0]


def plugins() -> list[Plugin]:
    """What other packages bring, and why some bring nothing."""
    return with_plugins(Catalogue.load(settings.FLOWBUILDER_NODE_PACKAGES), installed())[1]
