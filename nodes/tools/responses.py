"""Which schema an operation answers with."""

from __future__ import annotations

from typing import Any

from nodes.base import Context, NodeError, Operation


async def operation_of(ctx: Context, ref: str, question: str = "") -> Operation:
    if ctx.apis is None:
        raise NodeError("This installation has no API descriptions.")
    return await ctx.apis.operation(ref, question)


def schema_for(operation: Operation, status: str) -> dict[str, Any]:
    """The schema of the answer with that status; without one, of the first that says success."""
    if not operation.responses:
        raise NodeError(
            f"'{operation.ref}' describes no answer with a schema. Import a description that has one, or choose another "
            "operation."
        )
    chosen = chosen_status(list(operation.responses), status)
    if chosen is None:
        raise NodeError(
            f"'{operation.ref}' describes no answer {status} with a schema; it has {', '.join(operation.responses)}."
        )
    return operation.responses[chosen]


def chosen_status(described: list[str], wanted: str) -> str | None:
    """The described status that holds for the wanted one: itself, its class (``4XX``), or the default."""
    if wanted:
        return next((each for each in (wanted, f"{wanted[0]}XX", "default") if each in described), None)
    return next((each for each in described if each.startswith("2")), described[0] if described else None)
