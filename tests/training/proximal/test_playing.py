"""What a step of PPO learns from."""

import pytest
import torch

from flowbuilder.training.recipes.proximal.keeping import Position
from flowbuilder.training.recipes.proximal.networks import distributions, of_tokens
from flowbuilder.training.recipes.proximal.objective import mean_over
from tests.training.proximal.small import learner


def test_what_was_observed_of_an_answer_is_what_its_models_say_of_it_alone(small, tmp_path):
    trainer = learner(small, tmp_path)
    torch.nn.init.normal_(trainer.critic.head.weight)
    batch, _ = trainer.play(Position(kl_weight=0.1))
    for row in range(len(batch.ids)):
        alone = batch.ids[row][batch.mask[row].bool()][None]
        count = int(batch.answer[row].sum())
        with torch.no_grad():
            spread = distributions(trainer.policy, alone, torch.ones_like(alone), count, 1.0)
            values = trainer.critic(alone, torch.ones_like(alone), count)
        torch.testing.assert_close(
            batch.logprobs[row, :count], of_tokens(spread, alone)[0], rtol=1e-4, atol=1e-5
        )
        torch.testing.assert_close(batch.values[row, :count], values[0], rtol=1e-4, atol=1e-5)


def test_before_the_first_update_the_ratio_is_1_and_the_kl_0(small, tmp_path):
    trainer = learner(small, tmp_path, minibatches=2)
    batch, _ = trainer.play(Position(kl_weight=0.1))
    assert not batch.kl.any() and batch.logprobs.equal(batch.reference)
    first, *others = trainer.learn(batch)
    assert first["clip_fraction"] == 0 and first["moved"] == pytest.approx(0, abs=1e-9)
    assert others[-1]["moved"] > 1e-9


def test_entropy_and_kl_are_those_of_the_whole_vocabulary(small, tmp_path):
    trainer = learner(small, tmp_path, temperature=0.8)
    with torch.no_grad():
        for weights in trainer.reference.parameters():
            weights += 0.1 * torch.randn_like(weights)
        batch, _ = trainer.play(Position(kl_weight=0.1))
        count = batch.answer.shape[1]
        policy, reference = (
            torch.distributions.Categorical(logits=distributions(model, batch.ids, batch.mask, count, 0.8))
            for model in (trainer.policy, trainer.reference)
        )
    torch.testing.assert_close(batch.entropy, policy.entropy(), rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(
        batch.kl, torch.distributions.kl_divergence(policy, reference), rtol=1e-4, atol=1e-5
    )
    assert mean_over(batch.kl, batch.answer) > 0.01


def test_the_reward_stands_at_the_last_token_and_the_penalty_where_no_end_is(small, tmp_path):
    trainer = learner(small, tmp_path, missing_end_penalty=0.5, lam=1.0)
    batch, told = trainer.play(Position(kl_weight=0.0))
    # With a critic that expects nothing, lambda and gamma 1, an answer's returns are its reward everywhere.
    rewards = (batch.returns[:, 0]).round(decimals=4)
    assert batch.returns.equal(batch.returns[:, :1] * batch.answer)
    ended = (batch.ids[:, -batch.answer.shape[1] :] == 1).any(1)
    assert set(rewards[ended].tolist()) <= {0.0, 1.0} and set(rewards[~ended].tolist()) <= {-0.5, 0.5}
    assert told["reward"] == pytest.approx((rewards + 0.5 * ~ended).mean().item())
    assert told["cut_off"] == pytest.approx((~ended).float().mean().item())
    assert mean_over(batch.advantages, batch.answer).abs() < 1e-6


def test_the_kl_penalty_is_paid_at_every_token(small, tmp_path):
    trainer = learner(small, tmp_path, gamma=1.0, lam=0.0, missing_end_penalty=0.0)
    with torch.no_grad():
        for weights in trainer.reference.parameters():
            weights += 0.1 * torch.randn_like(weights)
    batch, _ = trainer.play(Position(kl_weight=0.3))
    # With lambda 0 and a critic of zeros a return is its token's own reward.
    inner = batch.answer.clone()
    inner[torch.arange(len(inner)), inner.sum(1).long() - 1] = 0
    torch.testing.assert_close(batch.returns * inner, -0.3 * (batch.logprobs - batch.reference) * inner)
