"""Whoever looks at a flow's triggers."""

import pytest
from django.test import Client


@pytest.fixture
def web(client: Client, owner) -> Client:
    """The owner's browser."""
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
