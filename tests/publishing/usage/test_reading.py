"""Sums by everything that can be asked for agree with the rows, over HTTP, on the page and as CSV."""

import csv
import io
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from flowbuilder.publishing.usage.models import ModelUse, UsageRecord
from flowbuilder.publishing.usage.reading import Wanted, added, by_model, cells, grouped, percentile

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
        ModelUse.objects.create(record=row, model=f"m@{number % 2}", tokens_in=row.tokens_in, cost=row.cost)
        made.append(row)
    return made


def test_whatever_they_are_grouped_by_they_add_up(asker, rows):
    found = cells(Wanted().rows(asker))
    whole = added(found)
    assert (whole.runs, whole.failed) == (40, sum(row.status == "failed" for row in rows))
    assert whole.cost == sum(row.cost for row in rows)
    assert whole.latency == sum(row.total_ms for row in rows) / 40 and whole.first_token == 10
    for way in ("day", "flow", "version", "key", "person", "door", "environment"):
        assert added((None, sums) for sums in grouped(found, way).values()) == whole
    by_door = grouped(found, "door")
    assert by_door["page"].tokens_in == sum(row.tokens_in for row in rows if row.door == "page")
    models = by_model(Wanted().rows(asker))
    assert sum(sums.cost for sums in models.values()) == whole.cost


@pytest.mark.parametrize(("share", "value"), [(0.5, 20), (0.95, 38), (1.0, 40)])
def test_percentiles_are_of_the_nearest_rank(asker, rows, share, value):
    assert percentile(Wanted().rows(asker), "total_ms", share) == value
    assert percentile(Wanted(door="mcp").rows(asker), "total_ms", share) is None


def test_filters_and_days(asker, rows):
    today = timezone.now().date()
    assert added(cells(Wanted(door="api").rows(asker))).runs == 14
    assert added(cells(Wanted(since=today, until=today).rows(asker))).runs == 8
    assert added(cells(Wanted(model="m@0").rows(asker))).runs == 20
    assert added(cells(Wanted(until=datetime(2020, 1, 1, tzinfo=UTC).date()).rows(asker))).runs == 0


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
