"""The runtime process: owns the models and the generation loop. One per model worker."""

from __future__ import annotations

import logging
import signal
from multiprocessing.connection import Connection

import torch

from flowbuilder.modelhub.runtime.loaded import AnyBatch, LoadedModels
from flowbuilder.modelhub.runtime.looking import looked
from flowbuilder.modelhub.runtime.prompting import TooLong
from flowbuilder.modelhub.runtime.request import Piece, Request
from flowbuilder.orphans import die_with_parent

log = logging.getLogger(__name__)
IDLE_SECONDS = 1.0


def main(pipe: Connection, budget: float) -> None:
    """Serve until the pipe closes. Receives ``Request`` and ids to cancel (str), sends ``Piece``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    models = LoadedModels(budget)
    batches: dict[str, AnyBatch] = {}
    while True:
        idle = not models.busy()
        while pipe.poll(IDLE_SECONDS if idle else 0):
            try:
                message = pipe.recv()
            except EOFError:
                return
            if isinstance(message, Request):
                accept(message, models, batches, pipe)
            elif message in batches:
                batches.pop(message).cancel(message)
            idle = False
        for batch in models.busy():
            step(batch, batches, pipe)


def accept(request: Request, models: LoadedModels, batches: dict[str, AnyBatch], pipe: Connection) -> None:
    try:
        loaded = models.get(request.path, request.kind)
        if request.look is not None:
            pipe.send(looked(loaded.model, loaded.tokenizer, request))
            return
        loaded.batch.add(request)
    except (ValueError, OSError, MemoryError, RuntimeError) as error:
        pipe.send(Piece(request.id, done=True, error=named(error), too_long=isinstance(error, TooLong)))
        return
    batches[request.id] = loaded.batch


def step(batch: AnyBatch, batches: dict[str, AnyBatch], pipe: Connection) -> None:
    try:
        pieces = batch.step()
    except (RuntimeError, MemoryError, ValueError) as error:
        # One batch's callers are told; the models and every other batch live on.
        log.exception("a generation step failed")
        pieces = [Piece(id_, done=True, error=named(error)) for id_ in batch.fail()]
    for piece in pieces:
        if piece.done:
            batches.pop(piece.id, None)
        pipe.send(piece)


def named(error: BaseException) -> str:
    """What the person reads: no trace, no path."""
    if isinstance(error, torch.OutOfMemoryError) or "alloc" in str(error).lower():
        return (
            "The model worker ran out of memory on this request. Shorten it, or give the worker more memory."
        )
    if isinstance(error, OSError):
        return "The model's files cannot be read: a config.json, a tokenizer and *.safetensors are needed."
    if isinstance(error, ValueError | MemoryError):
        return str(error)
    return "The model failed on this request; the model worker's log says why."
