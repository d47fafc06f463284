from nodes.base import Context, Node, NodeError
from nodes.flow.entering import by_trigger


class Start(Node):
    """Where a run begins: gives the question that the run was started with."""

    title = "Start"
    icon = "play"
    tags = ("input", "question", "chat", "begin")

    question_label: str = "Question"
    """What the chat panel asks for."""
    example: str = ""
    """Shown as an example, and used when a run is started with nothing."""

    async def run(self, ctx: Context) -> str | None:
        if by_trigger(ctx):
            return None
        question = str(ctx.inputs.get("question") or self.example)
        if not question:
            raise NodeError(
                "The run was started without a 'question', and Start has no example to fall back on."
            )
        return question
