"""The answers that are learned from."""

import pytest
import torch

from flowbuilder.training.recipes.ppo import train
from flowbuilder.training.recipes.proximal.answering import answers
from tests.training.proximal.small import job, learner


def test_an_answer_goes_up_to_its_first_end(small, tmp_path):
    trainer = learner(small, tmp_path, prompts_per_step=16)
    with torch.no_grad():
        ids, mask, answer, ended, texts = answers(
            trainer.policy, trainer.tokenizer, trainer.lines[:16] * 4, most=6, temperature=1.0
        )
    drawn = ids[:, -answer.shape[1] :]
    assert ended.any() and not ended.all()
    for tokens, kept, end, text in zip(drawn, answer, ended, texts, strict=True):
        count = int(kept.sum())
        assert kept[:count].all() and not kept[count:].any()
        assert (tokens[:count] == 1).nonzero().flatten().tolist() == ([count - 1] if end else [])
        assert "<" not in text


def test_an_answer_that_does_not_fit_the_model_is_named(small, tmp_path):
    with pytest.raises(ValueError, match="exceed the 32 tokens.*'max_new_tokens' to 29"):
        train(job(small, tmp_path, max_new_tokens=30))
