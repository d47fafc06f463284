"""A world for each test, or for those of a module."""

from collections.abc import Iterator

import pytest
from channels.layers import channel_layers
from django.db import transaction

from flowbuilder.apis import services as apis
from flowbuilder.apis.importing import confined
from flowbuilder.knowledge.retrieval import asking, embedded_texts
from flowbuilder.modelhub import look_pages
from flowbuilder.people import throttle
from flowbuilder.publishing import rate
from tests.safety.world.whole import World, make_world


@pytest.fixture
def unhindered(settings, monkeypatch) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    monkeypatch.setattr(rate, "OPINIONS", 1000)  # everybody here sits at one network address
    monkeypatch.setattr(throttle, "TRIES", 1000)
    monkeypatch.setattr(asking, "PATIENCE", 0.01)  # no model worker runs beside these tests
    monkeypatch.setattr(embedded_texts, "PATIENCE", 0.01)
    monkeypatch.setattr(look_pages, "SECONDS", 0.01)
    monkeypatch.setattr(apis, "understood", confined.read)  # without a child process for each


@pytest.fixture
def world(db, unhindered) -> World:
    return make_world()


@pytest.fixture(scope="module")
def lasting_world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """One for all tests of a module that undo what they did: to make it takes longer than most of them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def channel_layer_of_its_own() -> None:
    """Each test has an event loop of its own, to which the layer's locks are bound."""
    channel_layers.backends.clear()
