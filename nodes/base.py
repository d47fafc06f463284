"""What a node is, and what a node may ask for.

What you set is a field; what is wired in is an argument of ``run``; what comes out is its return.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict

from nodes.knowledge.looking import Looking
from nodes.services.caller import Caller
from nodes.services.conversation import Conversation
from nodes.services.databases import Databases
from nodes.services.documents import Documents
from nodes.services.embedding import Embedding
from nodes.services.mail import Mail
from nodes.services.mcp import Mcp
from nodes.services.remote_models import RemoteModels
from nodes.services.requests import Requests
from nodes.services.science import Science
from nodes.services.tools import Tools
from nodes.services.variables import Variables
from nodes.types import Found, ModelVersion, Preferences, ScorePart


class Node(BaseModel):
    """One node: its fields are its settings, ``run`` is what it does.

    ``run`` is a coroutine (its return is the output) or an async generator of ``str`` (it streams; the
    output is the join). One output is the port ``out``; several are a frozen dataclass, one field per
    port. ``None`` in such a field means the port is untaken: what hangs on it alone is skipped.
    An argument of type ``list[X]`` is a port that takes any number of wires of X, in their order.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    category: ClassVar[str] = ""
    """Palette group; by default the folder the node stands in."""
    title: ClassVar[str] = ""
    """Palette name; by default the class name in words."""
    icon: ClassVar[str] = "box"
    """A lucide icon name."""
    tags: ClassVar[tuple[str, ...]] = ()
    """More words by which the palette finds the node."""
    offered: ClassVar[bool] = True
    """False for one that nobody adds by hand: the palette leaves it out."""
    is_reply: ClassVar[bool] = False
    """True where the output is what the whole run answers."""
    takes_caller: ClassVar[bool] = False
    """True where it minds ``ctx.caller``: the tools, and the form of the reply, that the run's caller asks for."""
    pure: ClassVar[bool] = False
    """True when the same settings and inputs always give the same outputs, with no effect outside."""
    sends_out: ClassVar[bool] = False
    """True where it hands what it is given to somebody outside this installation; its card shows it."""
    holds_body: ClassVar[bool] = False
    """True for a group: the engine runs the nodes in its body, not ``run``, and its ports follow from them."""
    settings_version: ClassVar[int] = 1
    timeout: ClassVar[float] = 600.0
    """Seconds one attempt may take."""
    attempts: ClassVar[int] = 1
    """How often it is tried, with back-off, when it raises ``Retryable``."""

    def inputs(self) -> dict[str, Any] | None:
        """Port name -> type, for a node whose inputs depend on its settings; None reads ``run``.

        ``X | None`` may stay unwired, and is then not among the arguments of ``run``.
        """
        return None

    def outputs(self) -> dict[str, Any] | None:
        """Port name -> type, for a node whose outputs depend on its settings; None reads ``run``.

        ``run`` then returns a mapping of port name to value; a port that is missing in it is untaken.
        """
        return None

    @classmethod
    def upgrade(cls, settings: dict[str, Any], version: int) -> dict[str, Any]:  # noqa: ARG003
        """Bring settings saved under an older ``settings_version`` up to this one."""
        return settings


class NodeError(Exception):
    """A failure to show to the person: name the thing, say why, say what would work."""


class PromptTooLong(NodeError):
    """The model reads less than it was given; a node that can say it shorter may ask again."""


class Retryable(NodeError):
    """A failure that may pass by itself; the engine tries again with back-off."""


class Waiting(Exception):
    """Raised by ``run`` to park the run until somebody resumes it with ``key``.

    Resumed, the node runs again and finds the answer in ``ctx.answer``.
    """

    def __init__(self, key: str, about: dict[str, Any]) -> None:
        super().__init__(key)
        self.key = key
        self.about = about


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How the next token is chosen; see transformers' GenerationConfig for each."""

    max_new_tokens: int = 256
    temperature: float = 0.7
    top_p: float = 0.95
    top_k: int = 0
    repetition_penalty: float = 1.0
    stop: tuple[str, ...] = ()
    seed: int | None = None
    room: int = 1
    """Tokens that a prompt must leave for the answer; else it is too long."""


class Models(Protocol):
    """Generation by a model in the hub."""

    def generate(
        self,
        model: str,
        prompt: str | Sequence[dict[str, str]],
        *,
        system: str = "",
        sampling: Sampling = Sampling(),
        schema: dict[str, Any] | None = None,
    ) -> AsyncIterator[str]:
        """Stream text pieces; with ``schema`` decoding is constrained by that JSON Schema.

        A ``str`` prompt becomes one user message. Token counts reach the node's trace by themselves.
        Errors: ``NodeError`` naming the model.
        """
        ...

    async def reward(self, model: str, prompt: str, answers: Sequence[str]) -> list[float]:
        """Score each answer with a learned reward model: one unbounded float an answer."""
        ...

    async def classify(self, model: str, text: str) -> dict[str, float]:
        """The probability of each of a classifier's labels. Errors: ``NodeError`` naming the model."""
        ...


class Knowledge(Protocol):
    """Search in knowledge bases."""

    async def search(self, bases: Sequence[str], question: str, looking: Looking) -> Found:
        """The passages of all these bases that best match. Errors: ``NodeError`` naming the base."""
        ...


class Training(Protocol):
    """Training jobs."""

    async def start(self, *, recipe: str, model: str, settings: dict[str, Any], data: Any) -> str:
        """Queue a job (once per node and run) and return its wait key; raise ``NodeError`` if refused."""
        ...


class Feedback(Protocol):
    """What people said of answers."""

    async def pairs(self, flow: str) -> Preferences:
        """The pairs of the flow of that name or slug, oldest first; of every flow when it is empty."""
        ...


class Promotion(Protocol):
    """The gate, and the names that a version may be given behind it."""

    async def refusals(self, evaluation: str, version: str) -> list[str]:
        """What the gate has against the version, a sentence each, by the evaluation of that job."""
        ...

    async def promote(self, version: str, alias: str) -> None:
        """Let the alias name the version. Errors: ``NodeError`` where the gate is closed to it."""
        ...


@dataclass(frozen=True, kw_only=True)
class DatasetRows:
    """Rows of one dataset version, as plain data of its kind."""

    ref: str
    """The version, with its number: ``support@3``."""
    kind: str
    """preference, completion, label, messages or prompts."""
    rows: tuple[dict[str, Any], ...]


class Datasets(Protocol):
    """Datasets of the workspace."""

    async def rows(self, ref: str, splits: Sequence[str]) -> DatasetRows:
        """Rows of the version that ``ref`` names, in these splits. Errors: ``NodeError`` naming the dataset."""
        ...

    async def collect(self, *, dataset: str, kind: str, flow: str, agreement: float) -> str:
        """Take feedback in and freeze what changed; the newest version's ref. The dataset is made where there is none."""
        ...

    async def add_synthetic(
        self, *, dataset: str, kind: str, rows: Sequence[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """Put made examples (``{content, generator, seed}``) into a draft, marked so; the contents that are held out."""
        ...


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation of an API description."""

    ref: str
    """What a setting holds: ``Deliveries: GET /parcels/{id}``."""
    summary: str = ""
    request: dict[str, Any] | None = None
    """The body's schema; None where it takes none."""
    responses: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    """Schema by status: ``200``, ``4XX``, ``default``. Each stands for itself, with its own ``$defs``."""
    method: str = "GET"
    path: str = ""
    parameters: tuple[Mapping[str, Any], ...] = ()
    """``{name, in, required, description, schema}`` each."""
    request_type: str = ""
    request_required: bool = False
    server: str = ""
    """The address that the description names first; it may be a mere path, or empty."""


class Apis(Protocol):
    """API descriptions of the workspace."""

    async def operation(self, ref: str, question: str = "") -> Operation:
        """The operation that ``ref`` names; without a name, the one that the question is about.

        Errors: ``NodeError`` naming it, with those that there are.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a node may ask for; a test passes fakes."""

    models: Models
    knowledge: Knowledge
    training: Training
    feedback: Feedback | None = None
    datasets: Datasets | None = None
    promotion: Promotion | None = None
    apis: Apis | None = None
    embedding: Embedding | None = None
    variables: Variables | None = None
    conversation: Conversation | None = None
    requests: Requests | None = None
    mcp: Mcp | None = None
    documents: Documents | None = None
    mail: Mail | None = None
    databases: Databases | None = None
    tools: Tools | None = None
    """Calls the tools that are wired in; the engine gives it."""
    remote: RemoteModels | None = None
    """Models at OpenAI-compatible addresses."""
    caller: Caller | None = None
    """What the run's caller asks of the model that speaks its reply; None for every other node."""
    science: Science | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    """What the run was started with."""
    run_id: str = ""
    node_id: str = ""
    mode: Literal["draft", "published"] = "draft"
    answer: Any = None
    """What the run was resumed with, for a node that waited; else None."""
    report: Callable[[str, dict[str, Any]], None] = lambda kind, data: None
    """Put something on the node's trace: ``usage`` {prompt_tokens, completion_tokens}, ``metric`` {...}."""


__all__ = [
    "Apis", "Context", "DatasetRows", "Datasets", "Feedback", "Knowledge", "ModelVersion", "Models", "Node", "NodeError", "Operation", "Promotion", "PromptTooLong", "Retryable", "Sampling",
    "ScorePart", "Tools", "Training", "Waiting",
]  # fmt: skip
