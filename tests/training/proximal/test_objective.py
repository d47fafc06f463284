"""PPO's mathematics against cases worked by hand."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.training.recipes.proximal.objective import (
    explained_variance,
    gae,
    next_kl_weight,
    policy_loss,
    value_loss,
    whiten,
)


def test_gae_of_a_case_worked_by_hand():
    rewards = torch.tensor([[1.0, 0.0, 2.0], [0.0, 3.0, 9.0]])
    values = torch.tensor([[0.5, 1.0, 1.5], [1.0, 2.0, 9.0]])
    answer = torch.tensor([[1.0, 1.0, 1.0], [1.0, 1.0, 0.0]])
    advantages, returns = gae(rewards, values, answer, gamma=0.9, lam=0.5)
    # First row, surprises from the right: 2 - 1.5; 0 + .9 * 1.5 - 1; 1 + .9 * 1 - .5. Then each with .45 of
    # what follows. In the second row nothing follows the second token.
    last, middle, first = 0.5, 0.35 + 0.45 * 0.5, 1.4 + 0.45 * (0.35 + 0.45 * 0.5)
    torch.testing.assert_close(
        advantages, torch.tensor([[first, middle, last], [0.8 + 0.45 * 1.0, 1.0, 0.0]])
    )
    torch.testing.assert_close(returns, (advantages + values) * answer)


answers = st.integers(1, 7).flatmap(
    lambda width: st.lists(
        st.tuples(
            st.lists(st.floats(-5, 5, width=32), min_size=width, max_size=width),
            st.lists(st.floats(-5, 5, width=32), min_size=width, max_size=width),
            st.integers(1, width),
        ),
        min_size=1,
        max_size=4,
    )
)


def tensors(rows):
    rewards, values = (torch.tensor([row[part] for row in rows], dtype=torch.float64) for part in (0, 1))
    lengths = torch.tensor([row[2] for row in rows])
    return rewards, values, (torch.arange(rewards.shape[1]) < lengths[:, None]).double()


@given(answers)
def test_with_lambda_and_gamma_1_an_advantage_is_the_return_less_the_value(rows):
    rewards, values, answer = tensors(rows)
    advantages, returns = gae(rewards, values, answer, 1.0, 1.0)
    to_come = (rewards * answer).flip(1).cumsum(1).flip(1)
    torch.testing.assert_close(advantages, (to_come - values) * answer)
    torch.testing.assert_close(returns, to_come * answer)


@given(answers, st.floats(0, 1), st.floats(0, 1))
def test_padding_never_reaches_an_advantage(rows, gamma, lam):
    rewards, values, answer = tensors(rows)
    advantages, returns = gae(rewards, values, answer, gamma, lam)
    noise = 1e6 * (1 - answer)
    again, returns_again = gae(rewards + noise, values + noise, answer, gamma, lam)
    assert advantages.equal(again) and returns.equal(returns_again)
    assert not advantages[answer == 0].any()


@given(answers)
def test_whitened_advantages_have_mean_0_and_deviation_1_where_the_answer_is(rows):
    values, _, answer = tensors(rows)
    white = whiten(values, answer)
    inside = white[answer == 1]
    assert not white[answer == 0].any()
    assert inside.mean().abs() < 1e-6
    if values[answer == 1].std(correction=0) > 1e-3:
        assert inside.std(correction=0).item() == pytest.approx(1, abs=1e-4)


def batch_of(seed=0):
    torch.manual_seed(seed)
    answer = torch.tensor([[1.0, 1.0, 1.0], [1.0, 1.0, 0.0]], dtype=torch.float64)
    new, old, advantages = (torch.randn(2, 3, dtype=torch.float64) for _ in range(3))
    return new.requires_grad_(), old, advantages, answer


@pytest.mark.parametrize("seed", range(5))
def test_the_gradients_of_the_losses_are_those_of_finite_differences(seed):
    new, old, advantages, answer = batch_of(seed)
    assert torch.autograd.gradcheck(lambda x: policy_loss(x, old, advantages, answer, 0.2)[0], new)
    assert torch.autograd.gradcheck(lambda x: value_loss(x, old, advantages, answer, 0.2), new)


def test_where_the_ratio_is_1_the_gradient_is_the_policy_gradient():
    new, _, advantages, answer = batch_of()
    loss, clipped = policy_loss(new, new.detach().clone(), advantages, answer, 0.2)
    loss.backward()
    torch.testing.assert_close(new.grad, -advantages * answer / answer.sum())
    assert clipped == 0


def test_a_token_that_moved_far_enough_is_left_alone():
    old = torch.zeros(1, 4)
    new = torch.tensor([[1.0, -1.0, 1.0, -1.0]], requires_grad=True)
    advantages = torch.tensor([[1.0, -1.0, -1.0, 1.0]])
    loss, clipped = policy_loss(new, old, advantages, torch.ones(1, 4), 0.2)
    loss.backward()
    # It moved where its advantage points in the first two, the other way in the last two.
    assert (new.grad != 0).tolist() == [[False, False, True, True]]
    assert clipped == 0.5


def test_the_value_loss_takes_the_worse_of_free_and_clipped():
    new, old, returns = torch.tensor([[1.0, 0.1]]), torch.zeros(1, 2), torch.tensor([[1.0, 1.0]])
    loss = value_loss(new, old, returns, torch.ones(1, 2), 0.2)
    assert loss.item() == pytest.approx(0.5 * (0.8**2 + 0.9**2) / 2)


def test_numbers_at_padding_change_no_loss():
    new, old, advantages, answer = batch_of()
    wild = (new.detach() + 1e4 * (1 - answer)).requires_grad_()
    loss, _ = policy_loss(wild, old, advantages, answer, 0.2)
    loss.backward()
    assert loss == policy_loss(new, old, advantages, answer, 0.2)[0]
    assert wild.grad.isfinite().all()


def test_explained_variance():
    returns, answer = torch.tensor([[1.0, 2.0, 3.0]]), torch.ones(1, 3)
    assert explained_variance(returns, returns, answer) == 1
    assert explained_variance(torch.full((1, 3), 2.0), returns, answer) == 0
    assert explained_variance(-returns, returns, answer) == -3
    assert explained_variance(returns, torch.ones(1, 3), answer) == 0


@given(st.floats(0.001, 10), st.floats(0, 100), st.floats(0.001, 10))
def test_the_kl_weight_moves_against_the_drift_and_never_fast(weight, drift, target):
    after = next_kl_weight(weight, drift, target)
    assert 0.98 * weight * (1 - 1e-9) <= after <= 1.02 * weight * (1 + 1e-9)
    assert (after >= weight) if drift >= target else (after <= weight)
    assert next_kl_weight(0.0, drift, target) == 0
