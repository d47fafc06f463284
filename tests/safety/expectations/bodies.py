"""Bodies that several files send."""

from typing import Any

A_LINE = {"prompt": "A parcel?", "completion": "It has an id."}


def of_base(world: Any) -> dict[str, Any]:
    return {"base": world.parameters["base_id"]}
