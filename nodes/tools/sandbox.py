"""Python of strangers: run by pydantic-monty, an interpreter of its own in a child process that knows no files,
no network and no packages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pydantic_core import PydanticSerializationError, to_jsonable_python

from nodes.base import NodeError

DEEPEST = 300
LONGEST = 20_000
PRINTED = 4000
MOST_OUT = 5 * 2**20
GRACE = 5.0
"""Seconds beyond its own limit after which the child is killed."""


@dataclass(frozen=True)
class Limits:
    seconds: float = 5.0
    memory: int = 64 * 2**20


def run_code(code: str, given: dict[str, Any], limits: Limits) -> tuple[Any, str]:
    """What the last expression gives, as plain data, and what was printed. ``NodeError`` names the line."""
    if len(code) > LONGEST:
        raise NodeError(f"Setting 'code' has {len(code)} characters; {LONGEST} may be run.")
    import pydantic_monty  # a fifth of a second, and most flows run no code

    printed = pydantic_monty.CollectString(max_bytes=PRINTED)
    bounds: pydantic_monty.ResourceLimits = {
        "max_feed_duration_secs": limits.seconds,
        "max_memory": limits.memory,
        "max_recursion_depth": DEEPEST,
        "max_suspensions": 100,
    }
    try:
        with (
            pydantic_monty.Monty(
                min_processes=0, max_processes=1, request_timeout=limits.seconds + GRACE
            ) as pool,
            pool.checkout(limits=bounds, os_policy={"sleep": "zero"}, script_name="code") as session,
        ):
            found = session.feed_run(code, inputs=given, print_callback=printed)
    except pydantic_monty.MontyCrashedError as error:
        raise NodeError("Setting 'code': it was stopped; it took too much time or memory.") from error
    except (pydantic_monty.MontyRuntimeError, pydantic_monty.MontySyntaxError) as error:
        raise NodeError(f"Setting 'code'{_line(error)}: {_said(error)}") from error
    except pydantic_monty.MontyError as error:
        raise NodeError(f"Setting 'code': {error}") from error
    return _plain(found), str(printed.output)


def _line(error: Any) -> str:
    lines = [frame.line for frame in error.traceback()]
    return f", line {lines[-1]}" if lines else ""


def _said(error: Any) -> str:
    what = error.exception()
    if isinstance(what, TimeoutError):
        return "it computed longer than 'seconds' allows."
    if isinstance(what, MemoryError):
        return "it filled more memory than 'memory_mb' allows."
    return f"{type(what).__name__}: {what}"


def _plain(found: Any) -> Any:
    if type(found).__name__ == "MontyClassProxy":
        raise NodeError(
            "Setting 'code': its last line gives an object of a class; give a dict or a list of its parts."
        )
    try:
        data = to_jsonable_python(found)
    except (PydanticSerializationError, ValueError) as error:
        raise NodeError(
            f"Setting 'code': its last line gives what is no JSON: {type(found).__name__}."
        ) from error
    if data is None:
        raise NodeError(
            "Setting 'code': its last line gives nothing. End with an expression, such as the name of the result."
        )
    if len(json.dumps(data)) > MOST_OUT:
        raise NodeError(f"Setting 'code': its result has more than {MOST_OUT // 2**20} MB.")
    return data
