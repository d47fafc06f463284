"""A reward model scores alike alone and among others."""

import pytest
import torch

from flowbuilder.modelhub.runtime.prompting import answer_ids
from flowbuilder.modelhub.runtime.request import Request
from flowbuilder.modelhub.runtime.scoring import ScoreBatch

PROMPT = [{"role": "user", "content": "Make a van record."}]
ANSWERS = ("{}", '{"van_id": "V-1"}', "no", '{"van_id": "V-2", "load_kg": 12, "driver": "Ann"}')


def ask(id_: str, answers=ANSWERS) -> Request:
    return Request(id_, "", "reward", PROMPT, answers=answers)


def test_padding_changes_no_score(make_model, tokenizer):
    model = make_model("lfm2-reward")
    batch = ScoreBatch(model, tokenizer)
    batch.add(ask("all"))
    (piece,) = batch.step()
    for answer, score in zip(ANSWERS, piece.scores, strict=True):
        ids = torch.tensor([answer_ids(tokenizer, PROMPT, answer)])
        with torch.no_grad():
            assert score == pytest.approx(float(model(input_ids=ids).logits[0, 0]), abs=1e-5)


def test_the_end_token_is_part_of_what_is_scored(tokenizer):
    assert answer_ids(tokenizer, PROMPT, "{}")[-1] == tokenizer.eos_token_id


def test_each_caller_gets_their_own_scores(make_model, tokenizer):
    batch = ScoreBatch(make_model("lfm2-reward"), tokenizer)
    batch.add(ask("first", ANSWERS[:1]))
    batch.add(ask("second", ANSWERS[1:]))
    batch.cancel("nobody")
    assert [(piece.id, len(piece.scores)) for _ in range(2) for piece in batch.step()] == [
        ("first", 1),
        ("second", 3),
    ]
    assert not batch.busy


def test_a_cancelled_caller_is_not_scored(make_model, tokenizer):
    batch = ScoreBatch(make_model("lfm2-reward"), tokenizer)
    batch.add(ask("gone"))
    batch.cancel("gone")
    assert not batch.busy


def test_an_answer_too_long_for_the_model_is_named(make_model, tokenizer):
    model = make_model("lfm2-reward")
    model.config.max_position_embeddings = 32
    with pytest.raises(ValueError, match="reads 32"):
        ScoreBatch(model, tokenizer).add(ask("long", ("word " * 50,)))
