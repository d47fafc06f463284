"""How long the page of usage and ``GET /api/usage`` take over 100,000 runs, on SQLite or DATABASE_URL.

.venv/bin/python -m benchmarks.usage --runs 100000
"""

import argparse
import json
import os
import random
import tempfile
import time
from datetime import timedelta
from decimal import Decimal
from typing import Any


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"FLOWBUILDER_HOME": home, "DJANGO_SETTINGS_MODULE": "flowbuilder.settings"}
        os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:1/0")
        print(json.dumps(measure(options), indent=2))


def measure(options: argparse.Namespace) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    asker = fill(options.runs)
    from django.test import Client

    from flowbuilder.publishing.limits.holding import tokens
    from flowbuilder.publishing.usage.models import UsageRecord
    from flowbuilder.publishing.usage.reading import WAYS, Wanted

    browser = Client()
    browser.force_login(asker.user)
    key = UsageRecord.objects.values_list("key", flat=True).first()
    whole = {f"the page by {way}": lambda way=way: ask(browser, f"/usage/?by={way}") for way in WAYS}
    whole |= {
        f"the page of one {name}, by day": lambda name=name, value=value: ask(
            browser, f"/usage/?{name}={value}"
        )
        for name, value in {"key": key, "door": "api", "environment": "production"}.items()
    }
    whole |= {
        "GET /api/usage": lambda: ask(browser, "/api/usage"),
        "a quota of a month": lambda: tokens(UsageRecord.objects.filter(key=key, day__gte=Wanted().first)),
    }
    return {name: timed(what, options.times) for name, what in whole.items()}


def ask(browser: Any, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 200, answer


def timed(what: Any, times: int) -> dict[str, float]:
    """The best by the clock, and its processor time: others use the machine, too."""
    found = []
    for _ in range(times):
        clock, processor = time.perf_counter(), time.process_time()
        what()
        found.append((time.perf_counter() - clock, time.process_time() - processor))
    best = min(found)
    return {"ms": round(best[0] * 1000), "cpu_ms": round(best[1] * 1000)}


def fill(count: int) -> Any:
    """A month of ten flows with three versions, ten keys, five doors and three models."""
    from django.utils import timezone

    from flowbuilder.accounts.models import ApiKey
    from flowbuilder.accounts.services import create_owner
    from flowbuilder.flows.models import Flow
    from flowbuilder.publishing.usage.models import ModelUse, UsageRecord

    asker = create_owner(email="owner@example.test", password="correct horse battery")
    flows = [
        Flow.objects.create(workspace=asker.workspace, name=f"Flow {n}", slug=f"f{n}") for n in range(10)
    ]
    keys = [ApiKey.issue(asker.workspace, asker.user, f"Key {n}")[0] for n in range(10)]
    chance, now = random.Random(0), timezone.now()
    records = []
    for _ in range(count):
        at = now - timedelta(seconds=chance.randrange(30 * 86400))
        records.append(
            UsageRecord(
                workspace=asker.workspace,
                at=at,
                day=at.date(),
                flow=chance.choice(flows),
                version=chance.randrange(1, 4),
                environment="production",
                door=chance.choice(["api", "openai", "page", "widget", "webhook"]),
                outside=True,
                key=chance.choice(keys),
                status="finished",
                ended_at=at,
                queue_ms=chance.randrange(50),
                first_token_ms=chance.randrange(500),
                total_ms=chance.randrange(5000),
                tokens_in=chance.randrange(2000),
                tokens_out=chance.randrange(500),
                cost=Decimal(chance.randrange(10**6)) / 10**8,
            )
        )
    UsageRecord.objects.bulk_create(records, batch_size=2000)
    uses = [
        ModelUse(
            workspace=asker.workspace,
            day=record.day,
            record=record,
            model=f"model@{chance.randrange(3)}",
            tokens_in=record.tokens_in,
            cost=record.cost,
        )
        for record in records
    ]
    ModelUse.objects.bulk_create(uses, batch_size=2000)
    return asker


if __name__ == "__main__":
    main()
