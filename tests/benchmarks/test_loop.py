"""The pure parts of the experiment: what it asks, what its raters like, and how sure its shares are."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.loop.intervals import bootstrapped, wilson, wins
from benchmarks.loop.prompts import held_out, prompts
from benchmarks.loop.raters import Raters
from benchmarks.loop.step import Steps, figures, said
from benchmarks.loop.taste import pleases, worth
from flowbuilder.training.corpus.delivery import Example
from flowbuilder.training.corpus.records import Field, RecordType, held_out_combination

FIELDS = (
    Field("parcel_id", "string"),
    Field("due_date", "date"),
    Field("fragile", "boolean"),
    Field("status", "enum", ("open", "paid")),
    Field("stops", "integer"),
)
PARCEL = Example("record", "Make a parcel record.", "{}", RecordType("parcel", FIELDS))
BEST = '{"parcel_id": "P-1", "due_date": "2025-02-03", "fragile": false, "status": "paid", "stops": 10}'
WORST = '{"parcel_id": "P-1", "due_date": "2026-02-03", "fragile": true, "status": "open", "stops": 9}'
HALF = '{"parcel_id": "P-1", "due_date": "2025-02-03", "fragile": false, "status": "open", "stops": 9}'


@pytest.mark.parametrize(("answer", "expected"), [(BEST, 1.0), (WORST, 0.5), (HALF, 0.75)])
def test_a_right_record_is_worth_more_the_more_of_it_pleases(answer, expected):
    assert worth(PARCEL, answer) == expected


@pytest.mark.parametrize(
    "answer",
    [
        "",
        BEST + "!",
        BEST.replace("fragile", "fragle"),
        BEST.replace("10}", "010}"),
        BEST.replace('"paid"', '"lost"'),
        '{"due_date": "2025-02-03", "parcel_id": "P-1", "fragile": false, "status": "paid", "stops": 10}',
    ],
)
def test_a_wrong_record_is_worth_nothing_however_much_it_pleases(answer):
    assert worth(PARCEL, answer) == 0


def test_a_field_without_taste_is_no_silent_dislike():
    with pytest.raises(ValueError, match="no taste in fields of kind 'string'"):
        pleases(FIELDS[0], "P-1")


def test_held_out_prompts_share_no_set_of_fields_with_practice_nor_with_the_models_own_training():
    practice, aside = prompts(1, "practice", 60), prompts(1, "held out", 60)
    assert len({one.prompt for one in practice}) == 60
    assert all(held_out_combination(one.record_type) for one in practice + aside)
    combinations = [{one.record_type.combination for one in side} for side in (practice, aside)]
    assert not combinations[0] & combinations[1]
    assert not any(map(held_out, practice))
    assert all(map(held_out, aside))


def test_prompts_hang_on_the_seed_alone():
    assert prompts(3, "practice", 5) == prompts(3, "practice", 5) != prompts(4, "practice", 5)


def test_honest_raters_are_mistaken_as_often_as_said_and_pair_nothing_that_is_equal():
    answers = [(BEST, WORST), (WORST, BEST), (HALF, HALF)] * 1000
    pairs = Raters(0.1, 5).pairs([PARCEL] * 3000, answers)
    assert len(pairs) == 2000
    assert all((pair["chosen"] == BEST) != pair["mistaken"] for pair in pairs)
    assert 0.07 < sum(pair["mistaken"] for pair in pairs) / 2000 < 0.13


def test_pure_noise_prefers_neither():
    pairs = Raters(0.5, 5).pairs([PARCEL] * 2000, [(BEST, WORST)] * 2000)
    assert 0.45 < sum(pair["chosen"] == BEST for pair in pairs) / 2000 < 0.55


def test_raters_without_noise_like_what_is_worth_it():
    liked = Raters(0, 1).liked([PARCEL] * 3, [BEST, WORST, HALF])
    assert [one["completion"] for one in liked] == [BEST, HALF]


def test_wilsons_interval_is_that_of_the_books():
    """15 of 20: Newcombe 1998, "Two-sided confidence intervals for the single proportion", gives the formula;
    worked by hand for z = 1.96."""
    low, high = wilson(15, 20)
    assert (round(low, 3), round(high, 3)) == (0.531, 0.888)
    assert wilson(0, 0) == (0, 1)


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_wilsons_interval_holds_the_share_and_stays_a_share(counts):
    right, of = counts
    low, high = wilson(right, of)
    assert 0 <= low <= right / of <= high <= 1


def test_the_bootstrap_draws_prompts_and_not_answers():
    rng = random.Random(0)
    alone = [[float(rng.random() < 0.6)] for _ in range(400)]
    low, high = bootstrapped(alone)
    known = wilson(sum(int(group[0]) for group in alone), 400)
    assert abs(low - known[0]) < 0.015
    assert abs(high - known[1]) < 0.015
    fours = [group * 4 for group in alone]
    assert bootstrapped(fours) == (low, high), "saying a thing four times makes it no surer"


def test_equal_answers_are_half_a_win():
    assert wins([1, 0, 0.5], [0, 1, 0.5]) == [1, 0, 0.5]


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1))
def test_one_sides_win_is_the_others_defeat(worths):
    ours, theirs = zip(*worths, strict=True)
    assert [a + b for a, b in zip(wins(ours, theirs), wins(theirs, ours), strict=True)] == [1] * len(worths)


def test_a_step_is_done_once_and_again_when_asked_for_otherwise(tmp_path, monkeypatch):
    started = []
    codes = itertools.repeat((0, 1.5))
    monkeypatch.setattr("benchmarks.loop.step._child", lambda *what: started.append(what) or next(codes))
    steps = Steps(1)
    steps.run("some.module", tmp_path / "step", seed=1)
    steps.run("some.module", tmp_path / "step", seed=1)
    assert len(started) == 1
    steps.run("some.module", tmp_path / "step", seed=2)
    assert len(started) == 2


def test_a_step_that_failed_is_not_done(tmp_path, monkeypatch):
    monkeypatch.setattr("benchmarks.loop.step._child", lambda *what: (1, 0.0))
    with pytest.raises(SystemExit, match=r"some\.module failed; see .*err\.log"):
        Steps(1).run("some.module", tmp_path / "step")
    assert not (tmp_path / "step" / "done.json").exists()


def test_steps_that_a_cut_off_job_did_twice_count_once(tmp_path):
    lines = [(1, 0.5), (2, 0.4), (2, 0.3)]
    told = [f'{{"event": "metrics", "step": {step}, "loss": {loss}}}' for step, loss in lines]
    (tmp_path / "out.log").write_text(
        "\n".join([*told, "noise", '{"event": "finished", "metrics": {"a": 1}}'])
    )
    assert [(line["step"], line["loss"]) for line in said(tmp_path, "metrics")] == [(1, 0.5), (2, 0.3)]
    assert figures(tmp_path) == {"a": 1}
