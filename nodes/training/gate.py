from dataclasses import dataclass

from pydantic import Field

from nodes.base import Context, Node, NodeError
from nodes.types import EvaluationReport, ModelVersion


@dataclass(frozen=True)
class Decision:
    passed: ModelVersion | None
    refused: str | None
    """What the gate has against the version, one reason a line."""
    verdict: str
    """Either of both in words, with the report behind it."""


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
            reasons = "\n".join(f"- {reason}" for reason in refusals)
            return Decision(
                None, reasons, f"**{after.ref} does not pass the gate:**\n\n{reasons}\n\n{report}"
            )
        if self.promote:
            await ctx.promotion.promote(after.ref, self.alias)
        promoted = f", and is now {self.alias}" if self.promote else ""
        return Decision(after, None, f"**{after.ref} passes the gate{promoted}.**\n\n{report}")
