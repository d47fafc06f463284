"""Programs that call a flow as it is published here: each runs as it stands, with a key in the environment."""

from __future__ import annotations

from flowbuilder.flows.models import Flow
from flowbuilder.publishing.inputs import example_inputs, input_schema
from flowbuilder.publishing.models import Doors
from flowbuilder.publishing.samples import callbacks, embeddings, flowise, mcp, native, openai
from flowbuilder.publishing.samples.sample import KEY, Sample, Way

__all__ = [
    "KEY",
    "Sample",
    "Way",
    "callback_samples",
    "embed_sample",
    "flowise_samples",
    "mcp_way",
    "question_of",
    "ways",
]


def question_of(flow: Flow) -> str:
    """What the flow's own Start gives as an example."""
    return str(example_inputs(flow).get("question") or "Hello")


def ways(flow: Flow, base: str) -> list[Way]:
    """Those that the API's door opens. A flow that needs more than a question is not asked as a chat model."""
    inputs = example_inputs(flow)
    chat = [openai.way(flow.slug, question_of(flow), base)] if _is_asked(flow) else []
    return [*chat, native.way(str(flow.pk), inputs, base), embeddings.way(question_of(flow), base)]


def mcp_way(flow: Flow, base: str) -> Way:
    return mcp.way(flow.slug, example_inputs(flow), base)


def flowise_samples(flow: Flow, base: str) -> list[Sample]:
    return flowise.samples(str(flow.pk), example_inputs(flow), base)


def callback_samples() -> list[Sample]:
    return callbacks.samples()


def embed_sample(doors: Doors, base: str) -> str:
    return f'<script src="{base}/static/dist/embed.js" data-bot="{doors.address}" async></script>'


def _is_asked(flow: Flow) -> bool:
    return set(input_schema(flow)["required"]) <= {"question"}
