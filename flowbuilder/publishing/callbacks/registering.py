"""Addresses are registered, changed, forgotten; each run is given its messages while it is accepted."""

from __future__ import annotations

from django.db import transaction

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.flows.models import Flow
from flowbuilder.known import any_row
from flowbuilder.outbound import Refused
from flowbuilder.outbound_async import must_be_listed
from flowbuilder.publishing.callbacks.models import Callback, Delivery, State
from flowbuilder.publishing.callbacks.signing import key_of, new_secret
from flowbuilder.runs.models import Run
from flowbuilder.secrets.sealing import seal

MOST = 10
"""Addresses of a flow."""


def register(*, asker: Asker, flow: Flow, url: str, secret: str = "") -> tuple[Callback, str]:
    """The address with its secret, which is told this once."""
    with transaction.atomic():
        Flow.objects.select_for_update().get(pk=flow.pk)
        if flow.callbacks.filter(run=None).count() >= MOST:
            raise ApiError("invalid", f"A flow tells {MOST} addresses at most.", 422)
        made = _made(asker=asker, flow=flow, run=None, url=url, secret=secret)
        record(asker=asker, action="callback.added", subject=flow.name, details={"url": url})
    return made


def for_run(*, asker: Asker, run: Run, url: str, secret: str = "") -> tuple[Callback, str]:
    """Told of this run's end alone. Asked again for the same run, it is the first address, and its secret is not told again."""
    with transaction.atomic():
        known = Callback.objects.filter(run=run).first()
        if known is not None:
            return known, ""
        made, told = _made(asker=asker, flow=run.flow, run=run, url=url, secret=secret)
        _await(made, run)
    return made, told


def must_be_callable(url: str, secret: str = "") -> None:
    """``ApiError`` 422 says what is wrong with an address or a secret."""
    try:
        must_be_listed(url)
    except Refused as error:
        raise ApiError(
            "invalid", f"'url': {error}", 422, [{"where": "url", "message": str(error)}]
        ) from error
    if secret:
        try:
            key_of(secret)
        except ValueError as error:
            raise ApiError(
                "invalid", f"'secret': {error}.", 422, [{"where": "secret", "message": str(error)}]
            ) from error


def _made(*, asker: Asker, flow: Flow, run: Run | None, url: str, secret: str) -> tuple[Callback, str]:
    must_be_callable(url, secret)
    told = secret or new_secret()
    made = Callback(workspace=asker.workspace, flow=flow, run=run, url=url, created_by=asker.user)
    made.sealed = seal(made.owner, told, [])
    made.save()
    return made, told


def renew_secret(*, asker: Asker, callback: Callback) -> str:
    """What is sent from now on, tries of older messages too, is signed with the new one."""
    told = new_secret()
    callback.sealed = seal(callback.owner, told, [])
    with transaction.atomic():
        callback.save(update_fields=["sealed"])
        record(asker=asker, action="callback.renewed", subject=callback.flow.name, details=_named(callback))
    return told


def set_active(*, asker: Asker, callback: Callback, active: bool) -> Callback:
    with transaction.atomic():
        callback.active, callback.problem, callback.given_up = active, "", 0
        callback.save(update_fields=["active", "problem", "given_up"])
        action = "callback.resumed" if active else "callback.paused"
        record(asker=asker, action=action, subject=callback.flow.name, details=_named(callback))
    return callback


def forget(*, asker: Asker, callback: Callback) -> None:
    with transaction.atomic():
        record(asker=asker, action="callback.removed", subject=callback.flow.name, details=_named(callback))
        callback.delete()


def await_end(run: Run) -> None:
    """A hook of ``runs.services``, in the transaction that accepts the run: no end is missed, whoever ends it."""
    if run.live and any_row(Callback, flow=run.flow_id):
        for callback in Callback.objects.filter(flow=run.flow_id, run=None, active=True):
            _await(callback, run)


def _await(callback: Callback, run: Run) -> None:
    Delivery.objects.create(
        workspace_id=callback.workspace_id,
        flow_id=callback.flow_id,
        callback=callback,
        run=run,
        state=State.AWAITED,
    )


def _named(callback: Callback) -> dict[str, str]:
    return {"url": callback.url}
