"""Sums by everything that can be asked for agree with the rows, over HTTP, on the page and as CSV."""

import csv
import io
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowbuilder.publishing.usage.models import ModelUse, UsageRecord
from flowbuilder.publishing.usage.reading import WAYS, Wanted, added, by_model, grouped, percentiles

pytestmark = pytest.mark.django_db
DOORS = ("api", "openai", "page")


@pytest.fixture
def rows(asker, live_flow):
    chance = random.Random(4)
    made = []
    for number in range(40):
        at = timezone.now() - timedelta(days=number % 5)
        row = UsageRecord.objects.create(
            workspace=asker.workspace,
            at=at,
            day=at.date(),
            flow=live_flow,
            version=1 + number % 2,
            environment="production",
            door=DOORS[number % 3],
            outside=True,
            status="failed" if number % 7 == 0 else "finished",
            ended_at=at,
            total_ms=number + 1,
            first_token_ms=None if number % 2 else 10,
            tokens_in=chance.randrange(100),
            tokens_out=chance.randrange(100),
            cost=Decimal(number) / 8,
        )
        own = {"workspace": row.workspace, "day": row.day, "record": row}
        ModelUse.objects.create(**own, model=f"m@{number % 2}", tokens_in=row.tokens_in, cost=row.cost)
        made.append(row)
    return made


def test_whatever_they_are_grouped_by_they_add_up(asker, rows):
    found = Wanted().rows(asker)
    whole = added(grouped(found, "day"))
    assert (whole.runs, whole.failed) == (40, sum(row.status == "failed" for row in rows))
    assert whole.cost == sum(row.cost for row in rows)
    assert whole.latency == sum(row.total_ms for row in rows) / 40 and whole.first_token == 10
    for way in ("flow", "version", "key", "person", "door", "environment"):
        assert added(grouped(found, way)) == whole
    assert grouped(found, "door")["page"].tokens_in == sum(
        row.tokens_in for row in rows if row.door == "page"
    )
    assert sum(sums.cost for sums in by_model(Wanted().uses(asker)).values()) == whole.cost


@pytest.mark.parametrize(("share", "value"), [(0.5, 20), (0.95, 38), (1.0, 40)])
def test_percentiles_are_of_the_nearest_rank(asker, rows, share, value):
    assert percentiles(Wanted().rows(asker), "total_ms", [share]) == [value]
    assert percentiles(Wanted(door="mcp").rows(asker), "total_ms", [share]) == [None]


def test_filters_and_days(asker, rows):
    def runs(**wanted):
        return added(grouped(Wanted(**wanted).rows(asker), "day")).runs

    today = timezone.now().date()
    assert runs(door="api") == 14
    assert runs(since=today, until=today) == 8
    assert runs(model="m@0") == 20
    assert runs(until=datetime(2020, 1, 1, tzinfo=UTC).date()) == 0
    of_one = by_model(Wanted(model="m@0").uses(asker))
    assert of_one.keys() == {"m@0"} and of_one["m@0"].runs == 20


RUN = st.fixed_dictionaries(
    {
        "age": st.integers(0, 3),
        "version": st.none() | st.integers(1, 2),
        "door": st.sampled_from(DOORS),
        "environment": st.sampled_from(["production", "staging"]),
        "status": st.sampled_from(["queued", "finished", "failed"]),
        "total_ms": st.none() | st.integers(0, 5),
        "first_token_ms": st.none() | st.integers(0, 10**10),
        "tokens_in": st.integers(0, 10**12),
        "cost": st.integers(0, 10**10).map(lambda whole: Decimal(whole) / 10**8),
        "models": st.sets(st.sampled_from(["a@1", "b@2"])),
    }
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(RUN, max_size=12), st.sampled_from(["", *DOORS]))
def test_every_figure_is_that_of_the_runs(asker, live_flow, made, door):
    """Of runs that are still there and of those that were deleted: the record is all that is left of them."""
    UsageRecord.objects.all().delete()
    now = timezone.now()
    rows, uses = [], []
    for run in made:
        at = now - timedelta(days=run["age"])
        said = {name: value for name, value in run.items() if name not in {"age", "models"}}
        rows.append(
            UsageRecord(workspace=asker.workspace, at=at, day=at.date(), flow=live_flow, outside=True, **said)
        )
        uses += [
            ModelUse(
                workspace=asker.workspace,
                day=at.date(),
                record=rows[-1],
                model=m,
                tokens_in=said["tokens_in"],
                cost=1,
            )
            for m in run["models"]
        ]
    UsageRecord.objects.bulk_create(rows)
    ModelUse.objects.bulk_create(uses)
    wanted, here = Wanted(door=door).rows(asker), [row for row in rows if row.door == door or not door]
    for way in WAYS[:-1]:
        found = grouped(wanted, way)
        for group, sums in found.items():
            own = [row for row in here if group_of(row, way) == group]
            assert (sums.runs, sums.failed) == (len(own), sum(row.status == "failed" for row in own))
            assert sums.tokens_in == sum(row.tokens_in for row in own)
            assert round(sums.cost, 8) == sum(row.cost for row in own)
            assert (sums.first_ms, sums.firsts) == whole_and_count(row.first_token_ms for row in own)
            assert (sums.total_ms, sums.totals) == whole_and_count(row.total_ms for row in own)
        assert found.keys() == {group_of(row, way) for row in here}
    ours = [use for use in uses if use.record in here]
    assert {model: sums.runs for model, sums in by_model(Wanted(door=door).uses(asker)).items()} == Counter(
        use.model for use in ours
    )
    times = sorted(row.total_ms for row in here if row.total_ms is not None)
    for share in (0.5, 0.95):
        enough = (time for time in times if sum(t <= time for t in times) >= share * len(times))
        assert percentiles(wanted, "total_ms", [share]) == [next(enough, None)]


def group_of(row, way):
    if way == "version":
        return (row.flow_id, row.version)
    return getattr(row, way if way in {"day", "door", "environment"} else f"{way}_id")


def whole_and_count(values):
    known = [value for value in values if value is not None]
    return sum(known), len(known)


def test_over_http(asker, rows, api_client, stranger):
    client = api_client(asker.user)
    told = client.get("/api/usage?by=version").json()
    assert told["totals"]["runs"] == 40 and told["totals"]["latency_percentiles_ms"] == {"p50": 20, "p95": 38}
    assert sorted(row["version"]["number"] for row in told["rows"]) == [1, 2]
    assert len(client.get("/api/usage/runs?limit=7").json()["runs"]) == 7
    assert client.get("/api/usage?since=2026-01-02&until=2026-01-01").status_code == 422
    assert api_client(stranger).get("/api/usage").json()["totals"]["runs"] == 0


def test_the_page_and_its_file(asker, rows, api_client):
    client = api_client(asker.user)
    page = client.get("/usage/?by=door")
    assert page.context["totals"].runs == 40 and [name for name, *_ in page.context["groups"]][0]
    lines = list(csv.DictReader(io.StringIO(client.get("/usage/export/?by=door").content.decode())))
    assert sum(int(line["runs"]) for line in lines) == 40 and lines[0]["currency"] == "USD"


def test_prices_are_the_admins(asker, api_client, teammate):
    body = {"output_price": "0.002"}
    put = {"content_type": "application/json"}
    assert api_client(teammate).put("/api/prices/starter", body, **put).status_code == 403
    assert api_client(asker.user).put("/api/prices/starter", body, **put).status_code == 200
    assert api_client(asker.user).put("/api/prices/starter", {"output_price": -1}, **put).status_code == 422
    assert api_client(teammate).get("/api/prices").json()[0]["output_price"].startswith("0.002")
    assert api_client(asker.user).patch("/api/bookkeeping", {"currency": "euro"}, **put).status_code == 422
