"""Jobs side by side: what differs is shown, what is not yours is not there."""

import pytest

from flowbuilder.training.comparing import Comparison, compared
from flowbuilder.training.models import JobMetric

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(start):
    jobs = [start(settings={"steps": 3}), start(settings={"steps": 3, "kl": 0.2, "learning_rate": 1e-5})]
    for number, job in enumerate(jobs):
        JobMetric.objects.create(job=job, step=1, values={"reward": 0.1})
        JobMetric.objects.create(job=job, step=2, values={"reward": 0.5 + number})
    return jobs


def test_settings_that_differ_are_shown_and_a_default_counts_as_set(pair):
    rows = {row.name: row.values for row in Comparison(pair).settings}
    assert rows == {"kl": [0.05, 0.2]}  # the learning rate named is the default


def test_the_last_figures_and_whole_series(pair):
    found = Comparison(pair)
    assert [(row.name, row.values) for row in found.figures] == [("reward", [0.5, 1.5])]
    assert [series.name[0] for series in found.series] == ["A", "B"]


def test_over_http_in_the_order_asked_for(api_client, owner, pair):
    ids = [str(job.pk) for job in pair[::-1]]
    told = api_client(owner).get("/api/jobs/comparison", {"job": ids}).json()
    assert [job["id"] for job in told["jobs"]] == ids
    assert told["settings"] == {"kl": [0.2, 0.05]} and told["metrics"][0][1] == {"step": 2, "reward": 1.5}


def test_it_takes_two_to_six_of_one_s_own(api_client, owner, stranger, pair):
    first, second = (str(job.pk) for job in pair)
    ask = api_client(owner).get
    assert ask("/api/jobs/comparison", {"job": [first, first]}).status_code == 422
    assert ask("/api/jobs/comparison", {"job": [first, "x"]}).status_code == 404
    assert api_client(stranger).get("/api/jobs/comparison", {"job": [first, second]}).status_code == 404
    from flowbuilder.accounts.errors import ApiError

    with pytest.raises(ApiError):
        compared(None, [first, second])
