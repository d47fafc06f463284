"""What is done to runs from outside: submitted, cancelled, resumed, answered."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Collection, Iterator
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from redis.exceptions import RedisError

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Workspace
from flowbuilder.celery import app
from flowbuilder.engine.partial import changed_at
from flowbuilder.engine.problem import Problem
from flowbuilder.flows.calls import checked
from flowbuilder.flows.models import Environment, Flow, FlowVersion
from flowbuilder.flows.nodes import catalogue
from flowbuilder.flows.services import parse_graph
from flowbuilder.runs import admission
from flowbuilder.runs.forms import must_be_filled_in
from flowbuilder.runs.log import append_now
from flowbuilder.runs.models import ENDED, INSIDE, Door, Run, Status, Wait
from flowbuilder.runs.overrides import overridden
from flowbuilder.runs.parts import Wish, planned
from flowbuilder.wire import impatient_client

log = logging.getLogger(__name__)
EXECUTE = "flowbuilder.runs.tasks.execute"
OWN_DOORS = {"mcp", "flowise"}
"""Kinds of origin whose door was looked at already: it may be open where the API's is closed. OpenAI's is the API's,
and finds no flow where that is closed."""
DOORS = {
    "key": Door.API,
    "person": Door.EDITOR,
    "visitor": Door.PAGE,
    "webhook": Door.WEBHOOK,
    "schedule": Door.SCHEDULE,
    "mcp": Door.MCP,
}
"""By what an origin says; another kind of key's call is one of the API."""

closed_to_keys: Callable[[Flow], bool] | None = None
"""Whether API keys may not run the flow. Set by the publishing app, which stands above this layer."""

overridable: Callable[[Flow], Collection[tuple[str, str]]] | None = None
"""(node, setting) of what the flow's owner leaves to callers. Set by the publishing app."""

tell_at_end: Callable[..., tuple[Any, str]] | None = None
"""(asker, run, url, secret) -> who is told of the run's end, and the secret that signs. Set by the callbacks app."""

accepted: list[Callable[[Run], None]] = []
"""Told of each new run, in its transaction."""


def submit(
    *,
    asker: Asker,
    flow: Flow,
    inputs: dict[str, Any],
    graph: Any = None,
    version: FlowVersion | None = None,
    idempotency_key: str | None = None,
    session: str = "",
    drawing: bool = False,
    wish: Wish | None = None,
    origin: dict[str, Any] | None = None,
    overrides: dict[str, dict[str, Any]] | None = None,
    caller: dict[str, Any] | None = None,
    door: str = "",
    environment: str = "",
    conversation: str = "",
) -> Run:
    """Accept a run: in the database first, then a worker is woken. The same key gives the same run.

    ``drawing``: somebody runs the draft to see what it does, so its pins and breakpoints count; ``wish``: and
    only a part of it. ``overrides`` are settings by node, of those that the flow's owner leaves to callers. ``door``: by
    which way it comes in, where the origin does not say. ``environment``: where the version runs, where it is not
    the live one. ``conversation``: what it is shown with, where that is not its session.
    """
    seen_to = (origin or {}).get("kind") in OWN_DOORS or door == Door.OPENAI
    if not seen_to and refuses(asker, flow):
        raise ApiError(
            "closed",
            f"'{flow.name}' takes no calls by API keys; an editor opens it on its Publish page.",
            403,
        )
    origin = origin or origin_of(asker)
    door = door or DOORS.get(origin["kind"], Door.API)
    if known := already_accepted(asker, flow, idempotency_key):
        return known
    admission.knock(asker, flow, door)
    environment, live = where_it_runs(flow, version, environment)
    drawn = parse_graph(version.graph if version else (flow.graph if graph is None else graph))
    if overrides:
        drawn = overridden(drawn, overrides, overridable(flow) if overridable else ())
    wanted, found = checked(drawn, workspace_id=flow.workspace_id, flow=flow, live=version is not None)
    part: dict[str, Any] = {}
    number = uuid.uuid4()
    if wish:
        part, inputs = planned(flow=flow, graph=wanted, inputs=inputs, wish=wish, catalogue=catalogue())
    refuse_problems(found, only=set(part["nodes"]) if part else None)
    must_be_filled_in(wanted, inputs, only=set(part["nodes"]) if part else None)
    try:
        with transaction.atomic():
            run = Run.objects.create(
                pk=number,
                workspace=asker.workspace,
                flow=flow,
                version=version,
                graph=wanted.model_dump(mode="json"),
                inputs=inputs,
                session=session,
                draft=drawing and version is None,
                part=part,
                origin=origin,
                caller=caller or {},
                live=live,
                environment=environment,
                door=door,
                key_id=asker.key_id,
                person=asker.user,
                conversation="" if door in INSIDE else conversation or session or str(number),
                idempotency_key=idempotency_key or None,
            )
            admission.enter(run)
            for told in accepted:
                told(run)
    except IntegrityError:
        if known := already_accepted(asker, flow, idempotency_key):
            return known
        raise
    transaction.on_commit(lambda: wake_worker(run))
    return run


def where_it_runs(flow: Flow, version: FlowVersion | None, asked: str) -> tuple[str, bool]:
    """The environment, and whether it is live traffic. What is live and asked for by its number is production, too."""
    live = version is not None and version.pk == flow.published_version_id
    if asked:
        return asked, live and asked == Environment.PRODUCTION
    return (Environment.PRODUCTION if live else Environment.DRAFT), live


def already_accepted(asker: Asker, flow: Flow, idempotency_key: str | None) -> Run | None:
    """The run that this key stands for."""
    if not idempotency_key:
        return None
    known = Run.objects.filter(workspace=asker.workspace, idempotency_key=idempotency_key).first()
    if known is not None and known.flow_id != flow.pk:  # and the asker may not be one who sees that flow
        raise ApiError(
            "conflict", "This Idempotency-Key belongs to a run of another flow; use a new one.", 409
        )
    return known


def refuse_problems(found: list[Problem], *, only: set[str] | None = None) -> None:
    """``ApiError`` 422 with what stops a run; of one in part, what stops the nodes that run."""
    errors = [
        problem
        for problem in found
        if problem.severity == "error" and (only is None or not only.isdisjoint(_with_groups(problem.node)))
    ]
    if errors:
        message = f"The flow cannot run: {errors[0].node or 'flow'}: {errors[0].message}"
        raise ApiError("invalid_graph", message, 422, [vars(problem) for problem in errors])


def _with_groups(path: str) -> Iterator[str]:
    """A node and the groups around it."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def origin_of(asker: Asker) -> dict[str, Any]:
    if asker.key_id:
        return {"kind": "key"}
    return {"kind": "person" if asker.user else "visitor"}


def refuses(asker: Asker, flow: Flow) -> bool:
    """Whether the asker is an API key, and none may run this flow."""
    return bool(asker.key_id and closed_to_keys is not None and closed_to_keys(flow))


def wake_worker(run: Run) -> None:
    """Tell Celery. A broker that is away loses nothing: the sweeper dispatches again."""
    try:
        app.send_task(EXECUTE, [str(run.pk)], queue="flow", retry=False)
    except Exception as error:
        log.warning("run %s is accepted, but no worker could be woken: %s", run.pk, error)


def stop_all(workspace: Workspace) -> None:
    """Every run of it that has not ended, before the workspace goes."""
    for run in Run.objects.filter(workspace=workspace).exclude(status__in=ENDED):
        cancel(run)


def cancel(run: Run) -> None:
    """Ask for the stop; at once when no worker holds the run. An ended run stays as it is."""
    Run.objects.filter(pk=run.pk).exclude(status__in=ENDED).update(cancel_requested=True)
    idle = Run.objects.filter(pk=run.pk, status__in=[Status.QUEUED, Status.WAITING])
    # Together: who sees the end must find its event.
    with transaction.atomic():
        if idle.update(status=Status.CANCELLED, ended_at=timezone.now()):
            append_now(run.pk, "run.cancelled")
            transaction.on_commit(lambda: admission.leave(run.pk))
    try:
        impatient_client().set(f"fb:run:{run.pk}:cancel", "1", ex=3600)
    except RedisError as error:
        log.warning("run %s: cancel goes by the database only: %s", run.pk, error)


def resume(run: Run, *, from_draft: bool = False) -> Run:
    """Go on from the failed node: finished nodes are kept. ``from_draft``: with the draft as it is now."""
    graph = edited_graph(run) if from_draft else run.graph
    # What the failed node waited for gave it the failure: it has to wait anew.
    run.waits.filter(run__status=Status.FAILED, node_id=run.error_node).delete()
    with transaction.atomic():
        again = Run.objects.filter(pk=run.pk, status=Status.FAILED).update(
            status=Status.QUEUED,
            graph=graph,
            error="",
            error_node="",
            lives=0,
            ended_at=None,
            dispatched_at=timezone.now(),
        )
        if not again:
            raise ApiError("conflict", f"Only a failed run can be resumed; this one is {run.status}.", 409)
        run.refresh_from_db()
        admission.enter(run)
    transaction.on_commit(lambda: wake_worker(run))
    return run


def edited_graph(run: Run) -> dict[str, Any]:
    """The draft, where it leaves alone what the run has finished; ``ApiError`` names what it does not."""
    if run.version_id is not None:
        raise ApiError("conflict", "It ran a version, which never changes. Run the draft instead.", 409)
    flow = Flow.objects.get(pk=run.flow_id)  # as it is now, not as this run came to know it
    graph, found = checked(parse_graph(flow.graph), workspace_id=run.workspace_id, flow=flow)
    changed = changed_at(run.results.values_list("node_id", flat=True), graph, parse_graph(run.graph))
    if changed:
        names = ", ".join(f"'{node}'" for node in changed[:10])
        message = (
            f"The run has finished {names}, and the draft has changed there since. "
            f"Start a new run from there ('start_from') that reuses this one."
        )
        raise ApiError("conflict", message, 409)
    refuse_problems(found, only=set(run.part["nodes"]) if run.part else None)
    return graph.model_dump(mode="json")


def answer_wait(key: str, answer: Any) -> bool:
    """Give a parked run what it waits for; False when the key is unknown or was answered before."""
    with transaction.atomic():
        if not Wait.objects.filter(key=key, resolved_at=None).update(
            answer=answer, resolved_at=timezone.now()
        ):
            return False
        run = Wait.objects.select_related("run").get(key=key).run
        Run.objects.filter(pk=run.pk, status=Status.WAITING).update(status=Status.QUEUED, lives=0)
        transaction.on_commit(lambda: wake_worker(run))
    return True
