"""What an A/B test costs: each look-up of a version in a live run, and each look at the results.

.venv/bin/python -m benchmarks.ab_tests --sessions 20000
"""

import argparse
import json
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from typing import Any

from benchmarks.in_process import own_home

LOOKS = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sessions", type=int, default=20_000)
    sessions = parser.parse_args().sessions
    with own_home():
        print(json.dumps(measure(sessions), indent=2))


def measure(sessions: int) -> dict[str, float]:
    """Medians, in milliseconds."""
    from flowbuilder.abtests import services
    from flowbuilder.abtests.results import results
    from flowbuilder.abtests.routing import route
    from flowbuilder.accounts.services import create_owner
    from flowbuilder.modelhub.models import Model, ModelVersion, Source
    from flowbuilder.modelhub.registry import resolve
    from flowbuilder.modelhub.services import Live

    asker = create_owner(email="owner@example.test", password=uuid.uuid4().hex)
    workspace = asker.workspace
    model = Model.objects.get(workspace=workspace, name="starter")
    ModelVersion.objects.create(workspace=workspace, model=model, number=2, source=Source.FOLDER)
    runs = make_runs(workspace, sessions)

    def look(run: Any) -> Any:
        return route(workspace.pk, Live(run.pk, run.session), "starter", "production")

    found = {"resolve": of_each(runs, lambda run: resolve(workspace.pk, "starter"))}
    found["route without a test"] = of_each(runs, look)
    test = services.start(asker=asker, model=model, challengers=[services.Challenger(2, 50)])
    found["route with a test"] = of_each(runs, look)
    fill(test, runs)
    found[f"results of {sessions} rated sessions"] = of_each(runs[:5], lambda run: results(test))
    return found


def make_runs(workspace: Any, count: int) -> list[Any]:
    from django.utils import timezone

    from flowbuilder.flows.models import Flow
    from flowbuilder.runs.models import Run, Status

    flow = Flow.objects.create(workspace=workspace, name="Bot", slug="bot", graph={})
    told = {"workspace": workspace, "flow": flow, "graph": {}, "live": True, "status": Status.FINISHED}
    told["ended_at"] = timezone.now() + timedelta(seconds=2)
    runs = [Run(session=f"visitor {number}", **told) for number in range(count)]
    return Run.objects.bulk_create(runs, batch_size=2000)


def of_each(runs: list[Any], work: Callable[[Any], object]) -> float:
    times = []
    for run in runs[:LOOKS]:
        began = time.perf_counter()
        work(run)
        times.append(time.perf_counter() - began)
    return round(1000 * median(times), 3)


def fill(test: Any, runs: list[Any]) -> None:
    """Every session has one run that ended, and its rating."""
    from flowbuilder.abtests.models import Exposure
    from flowbuilder.feedback.models import Kind, Rating

    arms = list(test.arms.select_related("version__model"))
    exposures, ratings = [], []
    for number, run in enumerate(runs):
        arm = arms[number % 2]
        went = {"settled": True, "failed": False, "seconds": 1.0 + number % 100 / 50, "tokens": 40}
        went["ended_at"] = run.ended_at
        exposures.append(Exposure(test=test, arm=arm, run=run, session=run.session, **went))
        said = {"kind": Kind.THUMBS, "up": number % 3 > 0, "node_id": "model", "prompt": "?"}
        owned = {"workspace": run.workspace, "flow": run.flow, "run": run}
        ratings.append(Rating(model=arm.version.ref, **owned, **said))
    Exposure.objects.filter(test=test).delete()
    Exposure.objects.bulk_create(exposures, batch_size=2000)
    Rating.objects.bulk_create(ratings, batch_size=2000)


if __name__ == "__main__":
    main()
