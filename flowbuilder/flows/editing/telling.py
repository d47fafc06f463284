"""Tells the open editors of a flow what happened to it.

Over the channel layer, which may lose a message: each names the revision it leads to, so whoever misses one sees the gap
and loads the draft, and the socket looks at the revision itself every few seconds.
"""

from __future__ import annotations

import json
import logging
import uuid
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
MOST = 200_000
"""Characters of a message; what is more is loaded by who wants it."""


def group_of(flow_id: uuid.UUID | str) -> str:
    return f"flow.{flow_id}"


def tell(flow_id: uuid.UUID, message: dict[str, Any]) -> None:
    if len(json.dumps(message)) > MOST:
        message = {"type": "revision", "revision": message["revision"]}  # only edits are ever that long
    try:
        async_to_sync(get_channel_layer().group_send)(
            group_of(flow_id), {"type": "flow.told", "message": message}
        )
    except (RedisError, OSError) as error:
        log.warning("editors of flow %s learn of its %s later: %s", flow_id, message["type"], error)
