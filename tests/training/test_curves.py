"""Charts: lines that fill their box, in groups, smoothed without bias, with alarms where they were raised."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowbuilder.training.curves import DRAWN, PARTS, Series, grouped, rows_of, smoothed
from flowbuilder.training.models import JobAlarm, JobMetric


def charts(*rows, **options) -> dict:
    groups = grouped([Series("one", rows)], **options)
    return {chart.name: chart for group in groups for chart in group.charts}


def test_a_curve_fills_its_box():
    loss = charts((1, {"loss": 2.0}), (3, {"loss": 0.0}))["loss"]
    assert (loss.lines[0].points, loss.low, loss.now) == ("0.0,0.0 300.0,90.0", "0", "0")
    assert (loss.lines[0].values, loss.first, loss.last) == ("1:2 3:0", 1, 3)


def test_what_does_not_change_lies_in_the_middle():
    assert charts((1, {"kl": 1.0}), (2, {"kl": 1.0}))["kl"].lines[0].points == "0.0,45.0 300.0,45.0"


def test_long_ones_are_thinned_and_keep_their_last_point():
    line = charts(*((step, {"loss": step}) for step in range(5000)))["loss"].lines[0]
    assert len(line.points.split()) <= 2 * DRAWN and line.points.endswith(",0.0")


@pytest.mark.django_db
def test_the_database_thins_a_long_job_and_gives_its_last_step(start):
    job = start()
    JobMetric.objects.bulk_create(JobMetric(job=job, step=n, values={"loss": n}) for n in range(1, 2004))
    job.step = 2003
    rows = rows_of(job)
    assert len(rows) <= 2 * DRAWN and rows[-1] == (2003, {"loss": 2003})


def test_groups_put_what_tells_most_first_and_leave_nothing_out():
    figures = {"zeta": 1, "kl": 1, "loss": 1, "reward": 1, "reward_spread": 0, "memory_mb": 5}
    groups = grouped([Series("one", [(1, figures)])])
    assert [[chart.name for chart in group.charts] for group in groups] == [
        ["reward", "reward spread"],
        ["kl"],
        ["loss"],
        ["memory mb"],
        ["zeta"],
    ]


def test_parts_of_a_reward_share_a_chart_and_of_several_jobs_have_one_each():
    rows = [(1, {"reward/length": 0.5, "reward/learned": 0.1})]
    (group,) = grouped([Series("one", rows)])
    assert [line.name for line in group.charts[0].lines] == ["learned", "length"]
    assert group.charts[0].name == PARTS
    (group,) = grouped([Series("A", rows), Series("B", rows)])
    assert [[line.name for line in chart.lines] for chart in group.charts] == [["A", "B"], ["A", "B"]]
    assert group.title == "Reward" and group.charts[0].name == "reward: learned"


def test_a_job_that_lacks_a_figure_keeps_its_number():
    (group,) = grouped([Series("A", [(1, {"kl": 1})]), Series("B", [(1, {"kl": 2, "entropy": 3})])])
    assert [[line.number for line in chart.lines] for chart in group.charts] == [[0, 1], [1]]


def test_an_alarm_stands_at_its_step():
    rows = [(1, {"kl": 0.0}), (3, {"kl": 2.0})]
    (mark,) = charts(*rows, alarms=[JobAlarm(step=2, message="too far")])["kl"].marks
    assert (mark.x, mark.message) == ("150.0", "too far")
    assert not charts(*rows, alarms=[JobAlarm(step=9, message="later")])["kl"].marks


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50), st.floats(0.0, 0.95))
def test_smoothing_stays_within_the_values_and_starts_at_the_first(values, weight):
    found = [value for _, value in smoothed(list(enumerate(values)), weight)]
    near = 1e-6 * max(1.0, *(abs(value) for value in values))
    assert abs(found[0] - values[0]) <= near
    assert min(values) - near <= min(found) and max(found) <= max(values) + near
