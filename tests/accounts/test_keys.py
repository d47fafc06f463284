"""API keys: stored as digests, refused once revoked."""

import pytest

from flowbuilder.accounts.models import ApiKey
from flowbuilder.accounts.services import asker_from_key

pytestmark = pytest.mark.django_db


def test_the_plaintext_is_stored_nowhere(asker):
    key, secret = ApiKey.issue(asker.workspace, asker.user, "ci")
    stored = ApiKey.objects.values().get(pk=key.pk)
    assert all(secret not in str(value) for value in stored.values())
    assert asker_from_key(secret).workspace == asker.workspace


def test_a_revoked_key_is_nobody(asker):
    key, secret = ApiKey.issue(asker.workspace, asker.user, "ci")
    key.revoke()
    assert asker_from_key(secret) is None


def test_an_unknown_key_is_nobody(asker):
    assert asker_from_key("fb_never_issued") is None
