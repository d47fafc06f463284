"""What every test may ask for: people, a real Redis, a real running installation."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import settings

from tests.installation import Installation, RedisServer, free_port
from tests.migrated import migrated_database

# What is looked at is the same in each run: a red one is somebody's doing. ``--hypothesis-profile=elsewhere`` looks elsewhere.
settings.register_profile("elsewhere", deadline=None)
settings.register_profile("alike", derandomize=True, deadline=None)
settings.load_profile("alike")


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """The embedded Redis of this test session, on the address that the settings name."""
    from django.conf import settings

    server = RedisServer(Path(settings.HOME_DIR), settings.REDIS_URL)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix) -> Iterator[None]:
    """SQLite in memory begins as a copy of the migrated file: to migrate takes longer than most modules of tests."""
    from django.db import connection

    name = connection.creation._get_test_db_name() if connection.vendor == "sqlite" else ""
    if not name or not connection.creation.is_in_memory_db(name):
        yield
        return
    with (
        closing(sqlite3.connect(name, uri=True)) as held,
        closing(sqlite3.connect(migrated_database())) as made,
    ):
        made.backup(held)
        yield


SHARED = {"live_app", "breakable_app"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only those that talk to the database: the others cannot tell, and ran beside SQLite.

    Test processes side by side take a module whole. What asks an installation comes first, because it takes longest.
    """
    items.sort(key=lambda item: (not asks_installation(item), item.get_closest_marker("slow") is None))
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        config.hook.pytest_deselected(items=[item for item in items if not talks_to_database(item)])
        items[:] = [item for item in items if talks_to_database(item)]


def asks_installation(item: pytest.Item) -> bool:
    return bool(SHARED & set(getattr(item, "fixturenames", ()))) and not item.get_closest_marker("browser")


def talks_to_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool({"db", "transactional_db"} & fixtures) or item.get_closest_marker("django_db") is not None


@pytest.fixture(autouse=True)
def _database_tests_have_redis(request: pytest.FixtureRequest) -> None:
    # Sign-in throttling and run submission talk to Redis in any test that talks to the database.
    if talks_to_database(request.node):
        request.getfixturevalue("redis_server")


@pytest.fixture(autouse=True)
def _nobody_speaks_on() -> Iterator[None]:
    """A page in Chinese leaves its language to its thread, and so to the next test."""
    yield
    translation.deactivate()


@pytest.fixture
def asker(db):
    """The owner, asking in their workspace."""
    from flowbuilder.accounts.services import create_owner

    return create_owner(email="owner@example.test", password="correct horse battery", workspace_name="Depot")


@pytest.fixture
def owner(asker):
    return asker.user


@pytest.fixture
def workspace(asker):
    return asker.workspace


@pytest.fixture
def teammate(workspace):
    """An editor of the same workspace."""
    from flowbuilder.accounts.models import Membership, Role, User

    user = User.objects.create_user("teammate@example.test", "correct horse battery")
    Membership.objects.create(user=user, workspace=workspace, role=Role.EDITOR)
    return user


@pytest.fixture
def stranger(db):
    """The owner of another workspace."""
    from flowbuilder.accounts.services import create_owner

    return create_owner(email="stranger@example.test", password="correct horse battery").user


@pytest.fixture
def api_client() -> Callable[..., Client]:
    """``api_client(user)`` is a signed-in test client, ``api_client(None)`` nobody's."""

    def make(user=None) -> Client:
        client = Client(raise_request_exception=False)
        if user is not None:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return make


@pytest.fixture(scope="session")
def saml_provider() -> Iterator[Any]:
    """The other system whose accounts sign in to the installation that tests share."""
    from tests.people.saml_provider import SamlProvider

    provider = SamlProvider()
    yield provider
    provider.stop()


@pytest.fixture(scope="session")
def node_packages() -> str:
    """Whose nodes the installation offers: with the tests' own."""
    return "nodes,tests.sample_nodes"


@pytest.fixture(scope="session")
def live_app(
    tmp_path_factory: pytest.TempPathFactory, saml_provider: Any, node_packages: str
) -> Iterator[Installation]:
    """A whole installation, as ``bin/up`` runs it: web, workers, Redis, database, on a free port."""
    subprocess.run([sys.executable, "bin/build"], check=True)
    metadata = tmp_path_factory.mktemp("elsewhere") / "staff.xml"
    metadata.write_text(saml_provider.metadata())
    outside = free_port()
    environment = {
        "FLOWBUILDER_SAML": json.dumps({"staff": {"name": "Staff", "metadata": str(metadata)}}),
        "FLOWBUILDER_OUTBOUND_HOSTS": f"127.0.0.1:{outside}",
        "FLOWBUILDER_NODE_PACKAGES": node_packages,
    }
    home = tmp_path_factory.mktemp("home")
    installation = Installation(home=home, port=free_port(), environment=environment, outside_port=outside)
    installation.start()
    yield installation
    installation.stop()


@pytest.fixture(scope="module")
def breakable_app(live_app: Installation) -> Iterator[Installation]:
    """The same, for tests that kill its workers and lose its Redis: who comes after them finds it whole."""
    yield live_app
    live_app.become_whole()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    quiet += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    return {"executable_path": "/usr/bin/chromium", "args": quiet}
