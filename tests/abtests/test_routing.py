"""Who gets which version: by share, always the same, live traffic only, and nobody once it has ended."""

import uuid
from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync
from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.abtests import services
from flowbuilder.abtests.models import Exposure
from flowbuilder.abtests.routing import draw
from flowbuilder.flows.models import Flow, FlowVersion
from flowbuilder.modelhub import registry
from flowbuilder.modelhub import services as hub
from flowbuilder.modelhub.services import Live, NodeModels
from flowbuilder.runs.context import context_for
from flowbuilder.runs.services import submit

SALT = uuid.UUID(int=7)
SESSIONS = [f"session {number}" for number in range(4000)]


def arms(*shares: int) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(version=SimpleNamespace(number=number), share=share)
        for number, share in enumerate(shares)
    ]


def drawn(*shares: int) -> list[int]:
    return [draw(arms(*shares), SALT, session).version.number for session in SESSIONS]


@pytest.mark.parametrize("shares", [(50, 50), (90, 10), (80, 15, 5), (1, 99)])
def test_sessions_are_split_by_share(shares):
    found = drawn(*shares)
    for number, share in enumerate(shares):
        expected = len(SESSIONS) * share / 100
        assert abs(found.count(number) - expected) < 4 * expected**0.5


def test_a_grown_share_moves_no_session_between_the_others():
    before, after = drawn(80, 10, 10), drawn(70, 20, 10)
    moved = {(a, b) for a, b in zip(before, after, strict=True) if a != b}
    assert moved <= {(0, 1), (0, 2), (2, 1)}
    assert sum(a != b for a, b in zip(before, after, strict=True)) < 0.14 * len(SESSIONS)
    assert all(b == 1 for a, b in zip(before, after, strict=True) if a == 1)  # who is in, stays in


@given(st.text(), st.uuids(), st.lists(st.integers(1, 99), min_size=2, max_size=5))
def test_any_session_is_given_an_arm_and_always_the_same(session, salt, shares):
    given_arm = draw(arms(*shares), salt, session)
    assert given_arm == draw(arms(*shares)[::-1], salt, session) and given_arm in arms(*shares)


pytestmark = pytest.mark.django_db


def test_a_session_keeps_its_version_and_each_run_is_noted_once(start, visit, workspace):
    test = start((2, 50))
    given_versions = {name: visit(name)[1].ref for name in map(str, range(30))}
    assert set(given_versions.values()) == {"starter@1", "starter@2"}
    for name, ref in given_versions.items():
        run, version = visit(name)
        assert version.ref == ref
        assert hub.route(workspace.pk, Live(run.pk, name), "starter", "production").ref == ref
    assert Exposure.objects.filter(test=test).count() == 60


def test_without_a_test_or_of_another_alias_the_alias_counts(start, visit, stranger, model):
    assert visit("ann")[1] is None
    start()
    assert visit("ann", ("starter", "candidate"))[1] is None
    assert visit("ann", ("other", "production"))[1] is None
    elsewhere = stranger.memberships.get().workspace
    assert hub.route(elsewhere.pk, Live(uuid.uuid4(), "ann"), "starter", "production") is None


def test_a_stop_is_felt_at_once(start, visit, asker):
    test = start((2, 99))
    services.stop(asker=asker, test=test)
    assert visit("ann")[1] is None and not Exposure.objects.exists()


def test_an_alias_that_is_moved_counts_at_once(start, visit, model, asker):
    start((2, 99))
    registry.set_alias(model=model, name="production", number=3, asker=asker)
    assert visit("ann")[1] is None


def test_other_shares_of_the_same_versions_keep_their_sessions(start, visit, asker):
    before = start((2, 10))
    mine = [name for name in SESSIONS[:200] if visit(name)[1].ref == "starter@2"]
    services.stop(asker=asker, test=before)
    start((2, 20))
    assert mine and {visit(name)[1].ref for name in mine} == {"starter@2"}


def test_one_that_tests_another_version_draws_anew(start, asker):
    before = start((2, 10))
    services.stop(asker=asker, test=before)
    assert start((3, 10)).salt != before.salt


@pytest.mark.parametrize(
    ("ref", "live", "tested"),
    [
        ("starter", True, True),
        ("starter:production", True, True),
        (" starter ", True, True),
        ("starter@1", True, False),
        ("starter", False, False),
    ],
)
def test_only_live_runs_that_name_an_alias_are_divided(start, visit, workspace, ref, live, tested):
    start((2, 99))
    run, _ = visit("ann")
    Exposure.objects.all().delete()
    models = NodeModels(workspace.pk, lambda *_: None, Live(run.pk, "ann") if live else None)
    assert models._version(ref).number == (2 if tested else 1)
    assert Exposure.objects.exists() == tested


def test_only_what_was_published_when_it_was_asked_is_live(asker):
    graph = {"nodes": [{"id": "start", "type": "flow.start"}], "wires": []}
    flow = Flow.objects.create(workspace=asker.workspace, name="Bot", slug="b", graph=graph)
    old, new = (FlowVersion.objects.create(flow=flow, number=number, graph=flow.graph) for number in (1, 2))
    flow.published_version = new
    flow.save()
    live = {
        version: submit(asker=asker, flow=flow, inputs={}, version=version).live
        for version in (old, new, None)
    }
    assert live == {old: False, new: True, None: False}


def test_a_node_is_told_that_its_run_is_live(workspace):
    run = uuid.uuid4()
    made = context_for(workspace.pk, run, "model", lambda *_: None, Live(run, "ann"))
    assert (made.mode, made.models.live.session) == ("published", "ann")
    assert context_for(workspace.pk, run, "model", lambda *_: None).mode == "draft"


def test_the_event_names_the_version_that_was_given(start, visit, workspace, monkeypatch):
    start((2, 99))
    run, _ = visit("ann")
    told = []

    async def answer(request, found):
        yield {"text": "Hello", "done": True}

    monkeypatch.setattr(hub, "messages_of", answer)
    models = NodeModels(workspace.pk, lambda kind, data: told.append((kind, data)), Live(run.pk, "ann"))

    async def ask():
        return [piece async for piece in models.generate("starter", "Hi")]

    assert async_to_sync(ask)() == ["Hello"]
    assert told == [("model", {"model": "starter@2"})]


def test_a_look_costs_one_question_without_a_test_and_four_with_one(
    start, visit, workspace, django_assert_num_queries
):
    live = Live(visit("ann")[0].pk, "ann")
    with django_assert_num_queries(1):
        hub.route(workspace.pk, live, "starter", "production")
    start()
    with django_assert_num_queries(4):
        hub.route(workspace.pk, live, "starter", "production")
