from dataclasses import dataclass

from pydantic import Field

from nodes.base import Context, Node, NodeError
from nodes.types import EvaluationReport, ModelVersion


@dataclass(frozen=True)
class Decision:
    passed: ModelVersion | None
    refused: str | None
    """What the gate has against the version, one reason a line."""


class Gate(Node):
    """Lets a new version pass when its evaluation holds what its model's gate asks for; else it says what is wanting."""

    title = "Gate"
    icon = "shield-check"
    tags = ("promote", "production", "threshold", "evaluate", "release", "rlhf")

    promote: bool = False
    """Whether a version that passes is promoted: the alias then names it."""
    alias: str = Field("production", min_length=1, max_length=40)
    """The name that it is given."""

    async def run(self, ctx: Context, report: EvaluationReport, after: ModelVersion) -> Decision:
        if ctx.promotion is None:
            raise NodeError("This installation has no gate.")
        if report.after != after.ref:
            raise NodeError(
                f"The report is about '{report.after}' and the version is '{after.ref}': wire in what was evaluated."
            )
        refusals = await ctx.promotion.refusals(report.job, after.ref)
        ctx.report("metric", {"passed": float(not refusals), "refusals": float(len(refusals))})
        if refusals:
            return Decision(None, "\n".join(f"- {reason}" for reason in refusals))
        if self.promote:
            await ctx.promotion.promote(after.ref, self.alias)
        return Decision(after, None)
