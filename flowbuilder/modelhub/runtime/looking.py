"""A look into a model: how a text becomes tokens, what it expects next, and what each token attends to.

Attention is that of Vaswani et al. 2017, section 3.2: softmax(QK/sqrt(d)), a row for each token that asks.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from transformers import PreTrainedModel
from transformers.convert_slow_tokenizer import bytes_to_unicode

from flowbuilder.modelhub.runtime.prompting import prompt_ids, text_ids, too_long
from flowbuilder.modelhub.runtime.request import Piece, Request

MOST_TOKENS = 128
"""That attention is shown of."""
MOST_CELLS = 400_000
"""Weights of one look: eight bits each, they are half a megabyte as text."""
BYTES = {letter: byte for byte, letter in bytes_to_unicode().items()}
OF_HEADS = 4
"""Dimensions of attention weights: batch, heads, asking tokens, attended tokens."""
KINDS = {"decoder_attentions": "decoder", "encoder_attentions": "encoder", "cross_attentions": "cross"}


def looked(model: PreTrainedModel, tokenizer: Any, request: Request) -> Piece:
    """What ``request.look`` asks. ``ValueError`` says why it cannot be shown."""
    look = request.look or {}
    read, written = ids_of(model, tokenizer, request)
    facts: dict[str, Any] = {"tokens": [token(tokenizer, id_) for id_ in read]}
    if written:
        facts["written"] = [token(tokenizer, id_) for id_ in written]
    if look["what"] == "next":
        facts |= expected(model, tokenizer, read, written, look.get("top", 10))
    if look["what"] == "attention":
        facts |= attended(model, read, written, look.get("layers") or [])
    return Piece(
        request.id, done=True, usage={"prompt_tokens": len(read), "completion_tokens": 0}, facts=facts
    )


def ids_of(model: PreTrainedModel, tokenizer: Any, request: Request) -> tuple[list[int], list[int]]:
    """What the model reads, and what an encoder-decoder's second half has written; a decoder reads both as one."""
    look = request.look or {}
    text = request.messages[0]["content"]
    read = prompt_ids(tokenizer, request.messages) if look.get("chat") else text_ids(tokenizer, text)
    after = look.get("after", "")
    then = [*tokenizer(after, add_special_tokens=False).input_ids] if after else []
    then += look.get("then", [])
    if model.config.is_encoder_decoder:
        first = model.generation_config.decoder_start_token_id
        written = [model.config.decoder_start_token_id if first is None else first, *then]
    else:
        read, written = [*read, *then], []
    limit = getattr(model.config, "max_position_embeddings", None) or 10**9
    if not read:
        raise ValueError("The text has no tokens.")
    if len(read) > limit:
        raise too_long(len(read), limit)
    return read, written


def token(tokenizer: Any, id_: int) -> dict[str, Any]:
    """The vocabulary's own piece, the text that it is, and its bytes as hexadecimal digits."""
    piece = tokenizer.convert_ids_to_tokens(id_)
    text = tokenizer.decode([id_])
    return {"id": id_, "piece": piece, "text": text, "bytes": bytes_of(tokenizer, piece, text).hex()}


def bytes_of(tokenizer: Any, piece: str, text: str) -> bytes:
    """A byte-level piece stands for its bytes letter by letter (GPT-2); ``<0x0A>`` is a byte of SentencePiece's."""
    if piece in tokenizer.all_special_tokens:
        return piece.encode()
    if piece.startswith("<0x") and piece.endswith(">"):
        return bytes.fromhex(piece[3:-1])
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if (
        backend is not None
        and "ByteLevel" in repr(backend.decoder)
        and all(letter in BYTES for letter in piece)
    ):
        return bytes(BYTES[letter] for letter in piece)
    return piece.replace("▁", " ").encode() if "▁" in piece else text.encode()


@torch.inference_mode()
def expected(
    model: PreTrainedModel, tokenizer: Any, read: list[int], written: list[int], top: int
) -> dict[str, Any]:
    """The likeliest next tokens, and how unsure the model is, in bits."""
    out = model(**_inputs(model, read, written), use_cache=False)
    chances = torch.softmax(out.logits[0, -1].float(), -1).cpu()
    best = chances.topk(min(top, chances.numel()))
    told = [
        {**token(tokenizer, int(id_)), "probability": float(chance)}
        for chance, id_ in zip(best.values, best.indices, strict=True)
    ]
    return {"next": told, "entropy": float(torch.special.entr(chances).sum() / torch.log(torch.tensor(2.0)))}


def attended(
    model: PreTrainedModel, read: list[int], written: list[int], layers: list[int]
) -> dict[str, Any]:
    """Each kind of attention with the weights of each head."""
    if max(len(read), len(written)) > MOST_TOKENS:
        raise ValueError(
            f"The text has {max(len(read), len(written))} tokens; attention is shown of {MOST_TOKENS} at most."
        )
    maps = []
    for name, weights in attentions(model, read, written).items():
        chosen = [number for number in sorted(weights) if not layers or number in layers]
        if not chosen:
            there = ", ".join(map(str, sorted(weights)))
            raise ValueError(f"No such layer: attention stands in {there}.")
        first = weights[chosen[0]]
        rows = [{"layer": number, "weights": packed(weights[number])} for number in chosen]
        size = {"heads": first.shape[0], "rows": first.shape[1], "columns": first.shape[2]}
        maps.append({"name": name, "layers": rows, **size})
    cells = sum(each["heads"] * each["rows"] * each["columns"] * len(each["layers"]) for each in maps)
    if cells > MOST_CELLS:
        raise ValueError(
            f"That would be {cells:,} weights; {MOST_CELLS:,} are shown at once. Choose fewer layers or a shorter text."
        )
    return {"maps": maps}


@torch.inference_mode()
def attentions(
    model: PreTrainedModel, read: list[int], written: list[int]
) -> dict[str, dict[int, torch.Tensor]]:
    """Kind -> layer -> weights (heads, asking tokens, attended tokens)."""
    with eager(model):
        out = model(**_inputs(model, read, written), use_cache=False, output_attentions=True)
    kinds = KINDS if written else {"attentions": "decoder"}
    found = {name: _by_layer(model, out.get(kind)) for kind, name in kinds.items()}
    found = {name: layers for name, layers in found.items() if layers}
    if not found:
        raise ValueError("This model has no attention to show: it keeps a recurrent state.")
    return found


def _by_layer(model: PreTrainedModel, given: Any) -> dict[int, torch.Tensor]:
    """A hybrid tells of its attention layers alone; which those are, its configuration says."""
    # RWKV calls the states of its layers attentions; they are none.
    weights = [layer for layer in given or () if layer is not None and layer.dim() == OF_HEADS]
    kinds = getattr(model.config, "layer_types", None) or []
    numbers = [number for number, kind in enumerate(kinds) if "attention" in kind]
    if len(numbers) != len(weights):
        numbers = list(range(len(weights)))
    return {number: layer[0].float().cpu() for number, layer in zip(numbers, weights, strict=True)}


@contextmanager
def eager(model: PreTrainedModel) -> Iterator[None]:
    """Fast kernels never hold the weights: while it is looked at, the model works them out."""
    usual = model.config._attn_implementation
    model.set_attn_implementation("eager")
    try:
        yield
    finally:
        model.set_attn_implementation(usual or "eager")


def packed(weights: torch.Tensor) -> str:
    """Eight bits a weight, head by head and row by row, as base64."""
    return base64.b64encode((weights * 255).round().to(torch.uint8).numpy().tobytes()).decode()


def _inputs(model: PreTrainedModel, read: list[int], written: list[int]) -> dict[str, torch.Tensor]:
    inputs = {"input_ids": torch.tensor([read], device=model.device)}
    if written:
        inputs["decoder_input_ids"] = torch.tensor([written], device=model.device)
    return inputs
