"""PPO's mathematics against cases worked by hand, its batches against unpadded ones, and a bandit it must solve."""

import json
import shutil

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from transformers import (
    AutoModelForCausalLM,
    GPT2Config,
    GPT2LMHeadModel,
    Lfm2Config,
    Lfm2ForCausalLM,
    PreTrainedTokenizerFast,
)

from flowbuilder.training.recipes.objective import (
    explained_variance,
    gae,
    mean_over,
    next_kl_weight,
    policy_loss,
    value_loss,
    whiten,
)
from flowbuilder.training.recipes.ppo import Learner, Position, PpoJob, distributions, of_tokens, train
from flowbuilder.training.recipes.reporting import TrainingStopped

LETTERS = "abcdef"


def folder_of(model, folder):
    """A model of six letters, an end and a pad."""
    words = {word: number for number, word in enumerate(["<pad>", "<end>", "say", *LETTERS])}
    tokenizer = Tokenizer(WordLevel(words, unk_token="say"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    model.save_pretrained(folder)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="<end>").save_pretrained(
        folder
    )
    return folder


ENDS = {"vocab_size": 9, "bos_token_id": None, "eos_token_id": 1, "pad_token_id": 0}


def gpt2():
    return GPT2LMHeadModel(GPT2Config(n_embd=16, n_layer=2, n_head=2, n_positions=32, **ENDS))


def lfm2():
    shape = {"hidden_size": 16, "intermediate_size": 32, "num_attention_heads": 2, "num_key_value_heads": 2}
    layers = {"num_hidden_layers": 2, "layer_types": ["conv", "full_attention"]}
    return Lfm2ForCausalLM(Lfm2Config(max_position_embeddings=32, **shape, **layers, **ENDS))


@pytest.fixture(params=[gpt2, lfm2], scope="module")
def small(request, tmp_path_factory):
    torch.manual_seed(3)
    model = request.param()
    with torch.no_grad():  # far from uniform, so that a wrong mask or position shows
        for weights in model.parameters():
            weights += 0.3 * torch.randn_like(weights)
    return folder_of(model, tmp_path_factory.mktemp("small"))


@pytest.fixture(params=[gpt2, lfm2], scope="module")
def even(request, tmp_path_factory):
    """All tokens are about as likely."""
    torch.manual_seed(3)
    return folder_of(request.param(), tmp_path_factory.mktemp("even"))


@pytest.fixture(autouse=True)
def threads():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def job(model, tmp_path, **fields):
    settings = {
        "model": model,
        "out_dir": tmp_path / "out",
        "work_dir": tmp_path / "work",
        "prompts": [{"prompt": "say"}, {"prompt": "say a b"}],
        "judge": {"rewards": [{"kind": "pattern", "pattern": "c"}]},
        "prompts_per_step": 4,
        "answers_per_prompt": 4,
        "max_new_tokens": 6,
    }
    return PpoJob(**(settings | fields))


def learner(model, tmp_path, **fields):
    (tmp_path / "work").mkdir(exist_ok=True)
    torch.manual_seed(1)
    return Learner(job(model, tmp_path, **fields))


# Generalised advantage estimation


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


# Losses


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


# Batches


@pytest.mark.parametrize("side", ["left", "right", "both"])
def test_padding_changes_no_log_probability(small, side):
    model = AutoModelForCausalLM.from_pretrained(small).eval()
    texts = [[3, 4, 5], [4, 6, 7, 8, 3, 5, 2], [8, 7, 6, 5]]
    ids, mask = torch.zeros(3, 9, dtype=torch.long), torch.zeros(3, 9, dtype=torch.long)
    for row, text in enumerate(texts):
        start = {"left": 9 - len(text), "right": 0, "both": (9 - len(text)) // 2}[side]
        ids[row, start : start + len(text)] = torch.tensor(text)
        mask[row, start : start + len(text)] = 1
    logprobs = of_tokens(distributions(model, ids, mask, 8, 0.7), ids)
    for row, text in enumerate(texts):
        alone = torch.tensor([text])
        wanted = of_tokens(distributions(model, alone, torch.ones_like(alone), len(text) - 1, 0.7), alone)[0]
        # A text's first token is not predicted from anything.
        first = mask[row].nonzero()[0].item()
        torch.testing.assert_close(logprobs[row, first : first + len(text) - 1], wanted, rtol=1e-4, atol=1e-5)


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


def test_an_answer_goes_up_to_its_first_end(small, tmp_path):
    trainer = learner(small, tmp_path, prompts_per_step=16)
    with torch.no_grad():
        ids, mask, answer, ended, texts = trainer.answers(trainer.lines[:16] * 4)
    drawn = ids[:, -answer.shape[1] :]
    assert ended.any() and not ended.all()
    for tokens, kept, end, text in zip(drawn, answer, ended, texts, strict=True):
        count = int(kept.sum())
        assert kept[:count].all() and not kept[count:].any()
        assert (tokens[:count] == 1).nonzero().flatten().tolist() == ([count - 1] if end else [])
        assert "<" not in text


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


def test_a_model_that_is_written_over_while_it_trains_changes_nothing(small, tmp_path):
    folder = shutil.copytree(small, tmp_path / "base")
    trainer = learner(folder, tmp_path)
    models = (trainer.policy, trainer.reference, trainer.critic)
    before = [weights.clone() for model in models for weights in model.parameters()]
    weights = folder / "model.safetensors"
    size = weights.stat().st_size
    weights.write_bytes(b"\0" * size)
    after = [weights for model in models for weights in model.parameters()]
    assert all(left.equal(right) for left, right in zip(before, after, strict=True))


# Whole jobs


def figures(capsys, kind="metrics"):
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith('{"event"')]
    return [line for line in lines if line["event"] == kind]


@pytest.mark.slow
@pytest.mark.parametrize("letter", ["a", "e"])
def test_it_solves_a_bandit(even, tmp_path, capsys, letter):
    bandit = job(
        even,
        tmp_path,
        judge={"rewards": [{"kind": "pattern", "pattern": f"^{letter}"}]},
        max_new_tokens=1,
        missing_end_penalty=0.0,
        kl=0.0,
        steps=30,
        learning_rate=5e-3,
        critic_learning_rate=5e-3,
    )
    end = train(bandit)
    told = figures(capsys)
    assert told[0]["reward"] < 0.5 and mean_of(told[-5:], "reward") > 0.9
    assert end["reward_after"] == 1.0
    assert end["gain"] == end["reward_after"] - end["reward_before"]


def mean_of(lines, name):
    return sum(line[name] for line in lines) / len(lines)


@pytest.mark.slow
def test_the_kl_penalty_holds_it_back(small, tmp_path, capsys):
    drift = {}
    for weight in (0.0, 5.0):
        folder = tmp_path / str(weight)
        folder.mkdir()
        train(job(small, folder, kl=weight, steps=15, learning_rate=5e-3))
        drift[weight] = mean_of(figures(capsys)[-5:], "kl")
    assert drift[5.0] < drift[0.0] / 2


def test_every_figure_that_the_charts_show_is_told(small, tmp_path, capsys):
    train(job(small, tmp_path, steps=2, samples_every=1))
    (line, _) = figures(capsys)
    assert line.keys() == {
        *("event", "step", "steps", "loss", "reward", "reward_spread", "kl", "entropy", "length", "cut_off"),
        *("repeated", "value_loss", "clip_fraction", "explained_variance", "kl_weight", "grad_norm"),
        *("learning_rate", "tokens", "seconds", "memory_mb", "tokens_per_second", "reward/pattern"),
    }


def test_an_answer_that_does_not_fit_the_model_is_named(small, tmp_path):
    with pytest.raises(ValueError, match="exceed the 32 tokens.*'max_new_tokens' to 29"):
        train(job(small, tmp_path, max_new_tokens=30))


def test_a_critic_that_diverges_stops_the_job(small, tmp_path):
    with pytest.raises(TrainingStopped, match="Lower the learning rate"):
        train(job(small, tmp_path, steps=20, critic_learning_rate=1e30))
