"""What is done to API keys: issued and revoked, and told to the audit log."""

from __future__ import annotations

from django.db import transaction

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.models import ApiKey, Asker
from flowbuilder.flows.models import Flow


def issue(*, asker: Asker, name: str, flow: Flow | None) -> tuple[ApiKey, str]:
    """The new key with its plaintext, which is stored nowhere."""
    with transaction.atomic():
        key, secret = ApiKey.issue(asker.workspace, asker.user, name, flow)
        details = {"role": key.role, "flow": flow.name if flow else None}
        record(asker=asker, action="key.issued", subject=name, details=details)
    return key, secret


def revoke(*, asker: Asker, key: ApiKey) -> None:
    """Refused from the next call on; revoking twice changes nothing."""
    if key.revoked_at is not None:
        return
    with transaction.atomic():
        key.revoke()
        record(asker=asker, action="key.revoked", subject=key.name, details={})
