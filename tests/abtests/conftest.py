"""A model with versions to test, and runs that were given one of them."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from flowbuilder.abtests import services
from flowbuilder.abtests.models import AbTest
from flowbuilder.abtests.routing import route
from flowbuilder.abtests.services import Challenger
from flowbuilder.feedback.models import Kind, Rating
from flowbuilder.flows.models import Flow
from flowbuilder.modelhub.models import Model, ModelVersion, Source
from flowbuilder.modelhub.services import Live
from flowbuilder.runs.models import Run, RunEvent, Status

SALT = uuid.UUID(int=11)


@pytest.fixture
def model(workspace) -> Model:
    """The starter model with three versions, the first in production."""
    model = Model.objects.get(workspace=workspace, name="starter")
    for number in (2, 3):
        ModelVersion.objects.create(workspace=workspace, model=model, number=number, source=Source.FOLDER)
    return model


@pytest.fixture
def flow(workspace) -> Flow:
    return Flow.objects.create(workspace=workspace, name="Bot", slug="bot", graph={"nodes": [], "wires": []})


@pytest.fixture
def start(asker, model) -> Callable[..., AbTest]:
    """``start((2, 50))`` gives version 2 half of the sessions."""

    def make(*challengers: tuple[int, int], **rules: Any) -> AbTest:
        wanted = [Challenger(*challenger) for challenger in challengers or [(2, 50)]]
        follows = AbTest.objects.exists()
        test = services.start(asker=asker, model=model, challengers=wanted, **rules)
        if not follows:  # the same visitors get the same versions whenever these tests run
            test.salt = SALT
            test.save()
        return test

    return make


@pytest.fixture
def visit(flow) -> Callable[..., tuple[Run, ModelVersion | None]]:
    """``visit("ann")`` is a live run of Ann's session, and the version that it was given."""

    def make(session: str, reference: tuple[str, str] = ("starter", "production"), **fields: Any) -> Any:
        now = timezone.now()
        told = {"status": Status.FINISHED, "live": True, "session": session, "graph": {}, "ended_at": now}
        run = Run.objects.create(workspace=flow.workspace, flow=flow, **{**told, **fields})
        Run.objects.filter(pk=run.pk).update(created_at=run.ended_at - timedelta(seconds=2))
        return run, route(flow.workspace_id, Live(run.pk, session), *reference)

    return make


@pytest.fixture
def say(asker) -> Callable[..., Rating]:
    """A thumb for what a version answered in a run."""

    def rate(run: Run, version: ModelVersion, up: bool | None, **fields: Any) -> Rating:
        told = {"kind": Kind.THUMBS, "up": up, "model": version.ref, "node_id": "model", "prompt": "?"}
        told |= {"run": run, "person": asker.user}
        return Rating.objects.create(workspace=run.workspace, flow=run.flow, **{**told, **fields})

    return rate


def wrote(run: Run, tokens: int) -> None:
    data = {"outputs": {"out": "x"}, "usage": {"completion_tokens": tokens}}
    RunEvent.objects.create(run=run, seq=1, type="node.finished", node="model", data=data, at=0)
