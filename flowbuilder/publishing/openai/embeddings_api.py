"""``/v1/embeddings``: the embedders of the workspace; the model worker computes."""

import base64
import struct
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.knowledge.retrieval.embedded_texts import MOST_TEXTS, TooLong, embedded
from flowbuilder.publishing.limits.holding import knock_without_a_flow
from flowbuilder.publishing.openai.finding import find_embedder, may_run, refusal
from nodes.base import NodeError, Retryable

router = Router(tags=["openai"])
LONGEST_TEXT = 100_000


class EmbeddingRequest(Schema):
    model_config = ConfigDict(extra="ignore")
    model: str
    input: str | list[str] | list[int] | list[list[int]]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """So many of the first ones, made unit length again; few embedders are trained for that."""
    user: str | None = None


@router.post("/embeddings")
async def create_embeddings(request: HttpRequest, body: EmbeddingRequest) -> dict[str, Any]:
    """Unit vectors, one a text, in order."""
    embedder = await sync_to_async(allowed)(request.asker, body.model)
    texts = texts_of(body.input)
    try:
        found = await embedded(texts, embedder)
    except TooLong as error:
        raise refusal(f"input.{error.index}", str(error)) from error
    except Retryable as error:
        raise ApiError("unavailable", str(error), 503, headers={"Retry-After": "5"}) from error
    except NodeError as error:
        raise refusal("model", str(error)) from error
    vectors = [shortened(vector, body.dimensions) for vector in found.vectors]
    rows = [
        {"object": "embedding", "index": index, "embedding": written(vector, body.encoding_format)}
        for index, vector in enumerate(vectors)
    ]
    usage = {"prompt_tokens": found.tokens, "total_tokens": found.tokens}
    return {"object": "list", "data": rows, "model": body.model, "usage": usage}


def allowed(asker: Asker, model: str) -> str:
    embedder = find_embedder(asker, model)
    may_run(asker)
    knock_without_a_flow(asker)
    return embedder


def texts_of(given: str | Sequence[Any]) -> list[str]:
    texts = [given] if isinstance(given, str) else list(given)
    if not texts or len(texts) > MOST_TEXTS:
        raise refusal("input", f"Send 1 to {MOST_TEXTS} texts at once; these are {len(texts)}.")
    for index, text in enumerate(texts):
        if not isinstance(text, str):
            raise refusal(
                "input",
                "Tokens are not taken, since embedders count them differently: send texts. (LangChain does "
                "with check_embedding_ctx_length=False.)",
            )
        if not text or len(text) > LONGEST_TEXT:
            raise refusal(f"input.{index}", f"A text has 1 to {LONGEST_TEXT:,} characters.")
    return texts


def shortened(vector: list[float], dimensions: int | None) -> list[float]:
    if dimensions is None or dimensions == len(vector):
        return vector
    if dimensions > len(vector):
        raise refusal("dimensions", f"Its vectors have {len(vector)} dimensions, not {dimensions}.")
    first = vector[:dimensions]
    length = sum(part * part for part in first) ** 0.5 or 1.0
    return [part / length for part in first]


def written(vector: list[float], encoding: str) -> list[float] | str:
    if encoding == "float":
        return vector
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
