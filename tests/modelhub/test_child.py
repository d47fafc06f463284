"""The runtime process's loop: one batch's failure is told to its callers and touches nobody else."""

from multiprocessing import Pipe

import pytest
import torch

from flowbuilder.modelhub.runtime.child import accept, named, step
from flowbuilder.modelhub.runtime.loaded import LoadedModels
from flowbuilder.modelhub.runtime.request import Request


@pytest.fixture
def desk(model_folder):
    ours, theirs = Pipe()
    return LoadedModels(1000), {}, ours, theirs


def request(id_: str, folder, kind="causal", **fields) -> Request:
    return Request(id_, str(folder), kind, [{"role": "user", "content": "x"}], max_new_tokens=4, **fields)


def received(pipe) -> list:
    pieces = []
    while pipe.poll():
        pieces.append(pipe.recv())
    return pieces


@pytest.mark.parametrize(
    "error", [torch.OutOfMemoryError("CUDA out of memory"), MemoryError("cannot allocate")]
)
def test_out_of_memory_is_said_and_the_model_answers_the_next(desk, model_folder, monkeypatch, error):
    models, batches, ours, theirs = desk
    accept(request("big", model_folder("gpt2")), models, batches, theirs)
    batch = batches["big"]
    with monkeypatch.context() as patch:
        patch.setattr(batch, "_forward", lambda *_: (_ for _ in ()).throw(error))
        step(batch, batches, theirs)
    (piece,) = received(ours)
    assert piece.done and ("ran out of memory" in piece.error or "allocate" in piece.error)
    assert not batch.busy and not batches
    accept(request("next", model_folder("gpt2")), models, batches, theirs)
    while batch.busy:
        step(batch, batches, theirs)
    assert received(ours)[-1].usage["completion_tokens"] > 0


def test_a_failing_batch_leaves_the_other_model_s_callers_alone(desk, model_folder, monkeypatch):
    models, batches, ours, theirs = desk
    accept(request("ill", model_folder("gpt2")), models, batches, theirs)
    accept(request("well", model_folder("t5"), kind="seq2seq"), models, batches, theirs)
    monkeypatch.setattr(batches["ill"], "_forward", lambda *_: (_ for _ in ()).throw(RuntimeError("boom")))
    for batch in models.busy():
        step(batch, batches, theirs)
    errors = {piece.id: piece.error for piece in received(ours) if piece.error}
    assert set(errors) == {"ill"} and "boom" not in errors["ill"]
    assert "well" in batches


def test_a_model_that_cannot_be_loaded_is_said_without_its_path(desk, tmp_path):
    models, batches, ours, theirs = desk
    accept(request("1", tmp_path), models, batches, theirs)
    (piece,) = received(ours)
    assert piece.done and "config.json" in piece.error and str(tmp_path) not in piece.error


def test_a_prompt_too_long_is_refused_with_the_limit(desk, model_folder):
    models, batches, ours, theirs = desk
    long = Request("1", str(model_folder("gpt2")), "causal", [{"role": "user", "content": "word " * 400}])
    accept(long, models, batches, theirs)
    assert "reads 256" in received(ours)[0].error


def test_the_unforeseen_shows_no_inside():
    assert named(RuntimeError("/secret/path tensor [3, 4]")) == (
        "The model failed on this request; the model worker's log says why."
    )
