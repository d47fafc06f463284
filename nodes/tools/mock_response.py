from zlib import crc32

from pydantic import Field

from nodes.base import Context, Node, NodeError
from nodes.mock.asked import asked_for
from nodes.mock.records import Unsatisfiable, make
from nodes.tools.responses import operation_of, schema_for
from nodes.types import OperationRef, Record


class MockResponse(Node):
    """Answers like an imported API would: a made record that satisfies the operation's schema, without any model."""

    title = "Mock response"
    icon = "webhook"
    tags = ("openapi", "swagger", "postman", "api", "json", "schema", "fake", "test data", "record")

    operation: OperationRef = ""
    """An operation of an imported API description; empty takes the one that the question is about."""
    status: str = Field("", pattern=r"^([1-5]\d\d)?$")
    """Which of its answers, such as 404; empty takes the one that says success."""
    seed: int | None = None
    """The same seed gives the same record to the same question; empty gives another one each time."""

    async def run(self, ctx: Context, question: str = "") -> Record:
        operation = await operation_of(ctx, self.operation, question)
        schema = schema_for(operation, self.status)
        seed = crc32(f"{ctx.run_id} {ctx.node_id}".encode()) if self.seed is None else self.seed
        try:
            made = asked_for(make(schema, seed=seed), question, schema)
        except Unsatisfiable as error:
            raise NodeError(f"No answer of '{operation.ref}' satisfies its schema. {error}.") from error
        ctx.report("metric", {"operation": operation.ref, "seed": seed})
        return Record(data=made if isinstance(made, dict | list) else {"value": made})
