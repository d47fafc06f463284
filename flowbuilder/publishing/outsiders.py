"""Whoever starts a flow without being of its workspace: visitors, the public, triggers."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Role
from flowbuilder.flows.models import Flow

log = logging.getLogger(__name__)


def outsider(flow: Flow) -> Asker:
    """They run this flow, and read nothing."""
    return Asker(user=None, workspace=flow.workspace, role=Role.RUNNER, flow_id=flow.pk)


@contextmanager
def discreetly(flow: Flow) -> Iterator[None]:
    """What is wrong with the flow names nodes and settings, which are not for visitors; what they can mend themselves is."""
    try:
        yield
    except ApiError as refused:
        if refused.code == "invalid_inputs" or refused.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise
        log.warning("the live version of %s cannot be asked: %s", flow.pk, refused)
        raise ApiError("unavailable", "This assistant cannot answer right now.", 503) from refused
