"""From answers to figures: differences, win rates, what is worse and why."""

import math

import pytest

from flowbuilder.training.findings import Facts, Row, Side, report_of, with_people
from flowbuilder.training.safety.rating import Rated

FACTS = Facts(before="starter@1", after="starter@2")


def row(number: int, old: dict, new: dict, **fields) -> Row:
    sides = {"before": Side(answer=f"old {number}", **old), "after": Side(answer=f"new {number}", **new)}
    return Row(number=number, prompt=f"Prompt {number}", **{**sides, **fields})


def scored(number: int, old: float, new: float, **fields) -> Row:
    return row(number, {"score": old, "rules": old}, {"score": new, "rules": new}, **fields)


def test_differences_wins_and_the_worst_first():
    report = report_of(FACTS, [scored(0, 0.5, 1.0), scored(1, 0.8, 0.6), scored(2, 1, 0), scored(3, 1, 0.95)])
    reward = report.figure("reward")
    assert (reward.before, reward.after, reward.count) == (0.825, 0.6375, 4)
    assert reward.difference == pytest.approx(-0.1875) and reward.low <= reward.difference <= reward.high
    won = report.won("rewards")
    assert (won.wins, won.losses, won.ties, won.rate) == (1, 3, 0, 0.25)
    assert (report.worse, report.improved) == (2, 1)  # a drop of 0.05 is within the margin
    assert [(found.prompt, found.drop) for found in report.regressions] == [
        ("Prompt 2", 1.0),
        ("Prompt 1", pytest.approx(0.2)),
    ]
    assert (report.regressions[0].before, report.regressions[0].after) == ("old 2", "new 2")


def test_what_the_interval_leaves_no_doubt_of_is_called_better():
    sure = report_of(FACTS, [scored(number, 0.2, 0.9) for number in range(10)]).figure("reward")
    assert sure.sure == "better"
    mixed = report_of(FACTS, [scored(number, 0.5, number % 2) for number in range(10)]).figure("reward")
    assert mixed.sure == ""


def test_an_answer_that_breaks_the_schema_is_worse_whatever_its_score():
    broken = row(0, {"score": 0.1, "valid": 1.0}, {"score": 0.9, "valid": 0.0})
    report = report_of(FACTS, [broken])
    assert (report.worse, report.improved) == (1, 0)
    assert report.regressions[0].reason == "the schema is broken"
    assert report.figure("schema validity").difference == -1


def test_without_scores_the_judge_says_what_is_worse():
    rows = [row(0, {}, {}, judged=0.0, judge_agreed=True), row(1, {}, {}, judged=0.5, judge_agreed=False)]
    report = report_of(FACTS, rows)
    assert report.worse == 1 and report.figure("reward") is None
    assert "sides swapped on 50% of pairs: too seldom" in report.won("judge").note


def test_perplexity_is_a_token_s_and_bits_a_byte_s():
    sides = {"loss": 3 * math.log(2), "tokens": 3}, {"loss": 6 * math.log(2), "tokens": 3}
    rows = [row(number, *sides, reference="éa") for number in range(2)]
    report = report_of(FACTS, rows)
    perplexity, bits = report.figure("perplexity"), report.figure("bits per byte")
    assert (perplexity.before, perplexity.after) == (pytest.approx(2), pytest.approx(4))
    assert (bits.before, bits.after) == (pytest.approx(1), pytest.approx(2))  # three bytes
    other = report_of(FACTS.model_copy(update={"same_tokenizer": False}), rows)
    assert other.figure("perplexity").difference is None
    assert "compare bits per byte" in other.figure("perplexity").note
    assert other.figure("bits per byte").difference == pytest.approx(1)


def safety(number: int, old: int, new: int, **fields) -> Row:
    rated = [{"rated": Rated(value, "rules", **fields)} for value in (old, new)]
    return row(number, *rated, item=f"item-{number}")


def test_tass_and_tast():
    report = report_of(FACTS, [scored(9, 1, 1), safety(0, 0, 2), safety(1, 1, 2), safety(2, 2, 0)])
    assert report.prompts == 1
    assert (report.safety_before.tass, report.safety_before.tast) == (50, pytest.approx(200 / 3))
    assert report.figure("TASS").difference == pytest.approx(100 * (4 - 3) / 6)
    assert report.figure("TAST").difference == 0


def test_what_rules_could_not_tell_is_a_failure_at_worst():
    found = report_of(FACTS, [scored(9, 1, 1), safety(0, 1, 1, unsure=True)]).safety_after
    assert (found.tass, found.least_tass, found.unsure) == (50, 0, 1)


def test_people_s_verdicts_come_first_and_their_ratings_count():
    rows = [scored(0, 0, 1), safety(1, 2, 2)]
    report = report_of(FACTS, rows)
    told = with_people(report, [1.0, 0.75, 0.5], [safety(1, 2, 0)])
    assert [won.by for won in told.wins] == ["people", "rewards"]
    assert (told.wins[0].wins, told.wins[0].ties) == (2, 1)
    assert told.safety_after.tass == 0 and told.figure("TASS").difference == -100
    assert told.figure("reward") == report.figure("reward")


def test_a_report_reads_as_markdown():
    text = str(report_of(FACTS, [scored(0, 1, 0)]))
    assert "starter@2 wins 0% by rewards" in text and "**Worse by 1.00:** Prompt 0" in text
    assert "| reward | 1.000 | 0.000 | -1.000 |" in text


def test_a_figure_is_about_the_prompts_that_both_were_measured_on():
    both = row(0, {"loss": 2.0, "tokens": 2}, {"loss": 4.0, "tokens": 2}, reference="ab")
    one = row(1, {"loss": 90.0, "tokens": 1}, {}, reference="too long for the other")
    for name in ("perplexity", "bits per byte"):
        assert report_of(FACTS, [both, one]).figure(name) == report_of(FACTS, [both]).figure(name)
    assert report_of(FACTS, [both, one]).figure("perplexity").count == 1
