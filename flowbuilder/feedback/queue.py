"""What waits for a person's opinion: answers, pairs and rankings, with gold among the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.feedback import gold
from flowbuilder.feedback.answers import Told
from flowbuilder.feedback.models import Comparison, ForReview, Gold, GoldAnswer, Kind, Rating
from flowbuilder.flows.models import Flow
from flowbuilder.runs.models import Run, RunEvent, Status

PASS_ON = {"flow.start", "flow.reply"}
"""Nodes whose words are not their own."""
COUNTED_TO = 500
LOOKED_AT = 20
"""Of the next runs, until one has words that can be rated."""
NEWEST = 300
"""Runs among which rankings are looked for."""


@dataclass(frozen=True)
class Item:
    """One answer as the queue shows it. Whether it is gold cannot be told: nor who wrote it, nor when."""

    id: Any
    flow: Flow
    prompt: str
    text: str
    node: str = ""


def unrated(asker: Asker | None, flow: Flow | None = None, node: str = "") -> QuerySet[Run]:
    """Runs of whose reply, or of whose ``node``, they have said nothing: what was sent to review, then the newest.

    What was asked for a comparison is judged there, and what is gold comes as gold.
    """
    if not asker:  # also a lazy object around None
        return Run.objects.none()
    runs = Run.objects.visible_to(asker).filter(
        status=Status.FINISHED, left_of=None, right_of=None, gold=None
    )
    if flow is not None:
        runs = runs.filter(flow=flow)
    mine = Rating.objects.filter(person=asker.user, run=OuterRef("pk"), comparison=None)
    if node:
        spoke = RunEvent.objects.filter(run=OuterRef("pk"), node=node, type="node.finished")
        runs = runs.filter(Exists(spoke)).exclude(Exists(mine.filter(node_id=node)))
    else:
        # The reply is the words of a node: whoever rated these has rated the reply.
        runs = runs.exclude(reply="").exclude(Exists(mine.filter(answer=OuterRef("reply"))))
    sent = Exists(ForReview.objects.filter(run=OuterRef("pk")))
    return runs.annotate(sent=sent).order_by("-sent", "-created_at")


def next_answer(asker: Asker, flow: Flow | None = None, node: str = "") -> tuple[Item | None, int]:
    """The next answer, and how many are left with it."""
    queue = unrated(asker, flow, node)
    others = queue[:COUNTED_TO].count()
    unseen = gold.unseen(asker, flow, node) if asker.can_run else Gold.objects.none()
    often, place = gold.every(asker.workspace), _place(asker)
    person = asker.user.pk if asker.user else 0
    left = gold.to_go(person, place, often, others=others, gold=unseen.count())
    if others and gold.comes(person, place, often) and (found := unseen.select_related("flow").first()):
        return of_gold(found, node), left
    for run in queue.select_related("flow")[:LOOKED_AT]:
        try:
            return of_run(run, node), left
        except ApiError:  # a reply without text, or of a flow that has since lost its events
            continue
    return None, 0


def _place(asker: Asker) -> int:
    """How many items they have gone through."""
    mine = Rating.objects.filter(workspace=asker.workspace, person=asker.user, comparison=None)
    seen = GoldAnswer.objects.filter(gold__workspace=asker.workspace, person=asker.user)
    return mine.count() + seen.count()


def of_run(run: Run, node: str = "") -> Item:
    found = Told(run).answer(node)
    if found.candidates:
        raise ApiError("invalid", f"Node '{found.node}' gave several answers: they are ranked.", 422)
    return Item(run.pk, run.flow, found.prompt, found.text, node)


def of_gold(item: Gold, node: str = "") -> Item:
    return Item(item.pk, item.flow, item.prompt, item.answer, node)


def nodes_of(flow: Flow) -> tuple[str, ...]:
    """Whose words may be looked at in place of the reply."""
    return tuple(spec["id"] for spec in flow.graph.get("nodes", []) if spec["type"] not in PASS_ON)


def pairs(asker: Asker | None) -> QuerySet[Comparison]:
    """Comparisons whose answers are both there and that the asker has not judged; newest first."""
    if not asker:
        return Comparison.objects.none()
    ready = {"left__status": Status.FINISHED, "right__status": Status.FINISHED}
    found = Comparison.objects.visible_to(asker).filter(**ready)
    return found.exclude(ratings__person=asker.user).order_by("-created_at")


def rankings(asker: Asker | None) -> list[tuple[Run, str]]:
    """Runs with a node that gave several answers which the asker has not put in order; newest first."""
    if not asker:
        return []
    runs = Run.objects.visible_to(asker).filter(status=Status.FINISHED, left_of=None, right_of=None)
    newest = {run.pk: run for run in runs.select_related("flow").order_by("-created_at")[:NEWEST]}
    gave = RunEvent.objects.filter(run__in=list(newest), type="node.finished")
    several = gave.filter(data__outputs__out__has_key="answers").values_list("run", "node")
    said = Rating.objects.filter(
        person=asker.user, run__in=list(newest), comparison=None, kind__in=(Kind.RANKING, Kind.SKIP)
    )
    done = set(said.values_list("run", "node_id"))
    waiting = [(newest[run], node) for run, node in several if (run, node) not in done]
    return sorted(waiting, key=lambda found: found[0].created_at, reverse=True)


def waits(asker: Asker | None) -> int:
    """How much waits for them, of every kind."""
    if not asker:
        return 0
    answers, compared = unrated(asker)[:COUNTED_TO].count(), pairs(asker)[:COUNTED_TO].count()
    return answers + compared + len(rankings(asker))
