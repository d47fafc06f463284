"""Limits hold for every door, and of calls side by side none slips through."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisGone

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import ApiKey
from flowbuilder.publishing import rate
from flowbuilder.publishing.limits import holding
from flowbuilder.publishing.limits.services import set_limit
from flowbuilder.publishing.usage.models import UsageRecord
from flowbuilder.runs import services as runs
from flowbuilder.runs.models import Run, Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(asker):
    return ApiKey.issue(asker.workspace, asker.user, "CI")[0]


def call(key, flow, **more):
    asked = {"version": flow.published_version, "inputs": {"question": "Hi"}}
    return runs.submit(asker=key.asker(), flow=flow, **asked, **more)


def used(key, flow, at: datetime, tokens: int = 0, cost: str = "0") -> None:
    UsageRecord.objects.create(
        workspace=flow.workspace,
        at=at,
        day=at.date(),
        flow=flow,
        environment="production",
        door="api",
        outside=True,
        key=key,
        status="finished",
        ended_at=at,
        tokens_in=tokens,
        cost=Decimal(cost),
    )


def by_threads(count: int, what) -> list[str]:
    """What each was told. The tests' SQLite lives in memory, where a table in use is an error, not a wait."""

    def one(_):
        try:
            while True:
                try:
                    what()
                    return "accepted"
                except OperationalError as error:
                    if "locked" not in str(error):
                        raise
        except ApiError as error:
            return error.details["limit"] if error.status == 429 else error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("whose", ["key", "flow"])
def test_never_more_runs_at_once_than_allowed(asker, live_flow, key, whose):
    set_limit(asker=asker, owner=key if whose == "key" else live_flow, runs_at_once=3)
    answers = by_threads(8, lambda: call(key, live_flow))
    assert sorted(answers) == ["accepted"] * 3 + ["runs_at_once"] * 5
    assert Run.objects.count() == UsageRecord.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_never_more_requests_a_minute_than_allowed(asker, live_flow, key):
    set_limit(asker=asker, owner=key, requests_a_minute=5)
    answers = by_threads(16, lambda: holding.knock(key.asker(), live_flow, "api"))
    assert sorted(answers) == ["accepted"] * 5 + ["requests_a_minute"] * 11


@pytest.mark.django_db(transaction=True)
def test_while_redis_is_away_the_database_counts_requests(asker, live_flow, key, monkeypatch):
    def gone(*_):
        raise RedisGone

    monkeypatch.setattr(holding, "wait_of", gone)
    set_limit(asker=asker, owner=key, requests_a_minute=2)
    call(key, live_flow)
    call(key, live_flow)
    with pytest.raises(ApiError) as refused:
        call(key, live_flow)
    assert 1 <= int(refused.value.headers["Retry-After"]) <= 60
    UsageRecord.objects.update(at=timezone.now() - timedelta(seconds=61))
    call(key, live_flow)


def test_a_minute_later_there_is_room_again(asker, live_flow, key, monkeypatch):
    now = [1_700_000_000.0]
    monkeypatch.setattr(rate.time, "time", lambda: now[0])
    set_limit(asker=asker, owner=key, requests_a_minute=1)
    call(key, live_flow)
    now[0] += 59.0
    with pytest.raises(ApiError) as refused:
        call(key, live_flow)
    assert refused.value.headers["Retry-After"] == "1"
    now[0] += 1.5
    call(key, live_flow)


@pytest.mark.parametrize(
    ("name", "allowed", "spent", "begins_anew"),
    [
        ("tokens_a_day", 100, {"tokens": 100}, datetime(2026, 2, 1, tzinfo=UTC)),
        ("tokens_a_month", 100, {"tokens": 100}, datetime(2026, 2, 1, tzinfo=UTC)),
        ("money_a_month", Decimal("2.50"), {"cost": "2.5"}, datetime(2026, 2, 1, tzinfo=UTC)),
    ],
)
def test_a_quota_that_is_used_up_begins_anew(
    asker, live_flow, key, monkeypatch, name, allowed, spent, begins_anew
):
    now = [datetime(2026, 1, 31, 23, 59, 30, tzinfo=UTC)]
    monkeypatch.setattr(holding.timezone, "now", lambda: now[0])
    set_limit(asker=asker, owner=key, **{name: allowed})
    call(key, live_flow)
    used(key, live_flow, now[0] - timedelta(seconds=1), **spent)
    with pytest.raises(ApiError) as refused:
        call(key, live_flow)
    assert (refused.value.status, refused.value.details["limit"]) == (429, name)
    wait = timedelta(seconds=int(refused.value.headers["Retry-After"]))
    assert begins_anew < now[0] + wait <= begins_anew + timedelta(seconds=2)
    now[0] = begins_anew - timedelta(microseconds=1)
    with pytest.raises(ApiError):
        call(key, live_flow)
    now[0] = begins_anew
    call(key, live_flow)


def test_a_place_is_free_when_a_run_has_ended(asker, live_flow, key):
    set_limit(asker=asker, owner=key, runs_at_once=1)
    first = call(key, live_flow)
    with pytest.raises(ApiError, match="limited to 1 runs at once"):
        call(key, live_flow)
    Run.objects.filter(pk=first.pk).update(status=Status.WAITING)
    second = call(key, live_flow)
    runs.cancel(second)
    call(key, live_flow)


def test_what_is_sent_again_is_no_second_run(asker, live_flow, key):
    set_limit(asker=asker, owner=key, runs_at_once=1, requests_a_minute=1)
    first = call(key, live_flow, idempotency_key="again")
    assert call(key, live_flow, idempotency_key="again") == first


def test_people_in_the_editor_are_not_counted_for_the_flow(asker, live_flow, key):
    set_limit(asker=asker, owner=live_flow, runs_at_once=0)
    runs.submit(asker=asker, flow=live_flow, inputs={"question": "Hi"})
    with pytest.raises(ApiError):
        call(key, live_flow)


@pytest.mark.parametrize("name", ["requests_a_minute", "tokens_a_day"])
def test_a_key_s_limit_holds_for_embeddings_too(asker, live_flow, api_client, name):
    key, secret = ApiKey.issue(asker.workspace, asker.user, "CI")
    set_limit(asker=asker, owner=key, **{name: 0})
    headers = {"Authorization": f"Bearer {secret}"}
    asked = {"model": "all-MiniLM-L6-v2", "input": "Hi"}
    answer = api_client().post("/v1/embeddings", asked, content_type="application/json", headers=headers)
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    assert f"limited to 0 {name.replace('_', ' ')}" in answer.json()["error"]["message"]


def test_a_limit_of_nothing_is_lifted(asker, live_flow, key):
    set_limit(asker=asker, owner=key, runs_at_once=0)
    set_limit(asker=asker, owner=key, runs_at_once=None)
    assert not hasattr(ApiKey.objects.get(pk=key.pk), "limit")
    call(key, live_flow)
