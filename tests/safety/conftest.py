"""A world for each test, or for those of a module."""

from collections.abc import Iterator
from typing import Any

import pytest
from channels.layers import channel_layers
from django.db import connection, transaction
from django.db.backends.signals import connection_created

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


@pytest.fixture
def reading_locks_nothing(db) -> Iterator[None]:
    """SQLite in memory locks a table while another thread reads it, and a writer does not wait for that as it does
    for a file: "database table is locked"."""

    def open_to_writers(connection: Any, on: bool = True, **_: Any) -> None:
        if connection.vendor == "sqlite":
            connection.cursor().execute(f"PRAGMA read_uncommitted={int(on)}")

    open_to_writers(connection)
    connection_created.connect(open_to_writers)
    yield
    connection_created.disconnect(open_to_writers)
    open_to_writers(connection, on=False)
