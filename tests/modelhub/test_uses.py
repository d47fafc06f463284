"""Who uses a model: every way of naming it is found, and leads where a run would go."""

import pytest

from flowbuilder.accounts.services import asker_from_user
from flowbuilder.flows.models import Flow, FlowVersion
from flowbuilder.modelhub import registry
from flowbuilder.modelhub.models import Model, ModelVersion
from flowbuilder.modelhub.uses import uses_of
from tests.modelhub.graphs import asking

pytestmark = pytest.mark.django_db


@pytest.fixture
def starter(workspace, asker):
    model = Model.objects.get(workspace=workspace, name="starter")
    ModelVersion.objects.create(workspace=workspace, model=model, number=2, source="job")
    registry.set_alias(model=model, name="staging", number=2, asker=asker)
    return model


def flow(workspace, name, *refs, **fields) -> Flow:
    return Flow.objects.create(workspace=workspace, name=name, slug=name, graph=asking(*refs), **fields)


def found(asker, model) -> list[tuple]:
    return [
        (use.mention.flow_name, use.mention.version, use.mention.ref, use.how, use.number)
        for use in uses_of(asker, model)
    ]


def test_each_way_of_naming_leads_to_the_version_that_a_run_gets(asker, workspace, starter):
    flow(workspace, "every", "starter", "starter@2", "starter:staging", "starter:gone", "starter@9", "other")
    assert found(asker, starter) == [
        ("every", None, "starter", "production", 1),
        ("every", None, "starter@2", "number", 2),
        ("every", None, "starter:staging", "staging", 2),
        ("every", None, "starter:gone", "gone", None),
        ("every", None, "starter@9", "number", None),
    ]
    for _, _, ref, _, number in found(asker, starter)[:3]:
        assert registry.resolve(workspace.pk, ref).number == number


def test_the_draft_and_the_live_version_both_count(asker, workspace, starter):
    found_flow = flow(workspace, "bot", "starter:staging")
    found_flow.published_version = FlowVersion.objects.create(
        flow=found_flow, number=3, graph=asking("starter@1")
    )
    found_flow.save()
    FlowVersion.objects.create(flow=found_flow, number=4, graph=asking("starter@2"))  # not live
    assert found(asker, starter) == [
        ("bot", None, "starter:staging", "staging", 2),
        ("bot", 3, "starter@1", "number", 1),
    ]


def test_what_a_node_leaves_open_is_its_default(asker, workspace, starter):
    graph = {"nodes": [{"id": "ask", "type": "language.local_model"}], "wires": []}
    Flow.objects.create(workspace=workspace, name="plain", slug="plain", graph=graph)
    assert found(asker, starter) == [("plain", None, "starter", "production", 1)]


def test_a_reward_model_deep_in_a_setting_is_found(asker, workspace, starter):
    rewards = [{"kind": "valid_json"}, {"kind": "learned", "model": "starter@2"}]
    graph = {"nodes": [{"id": "s", "type": "reward.score", "settings": {"rewards": rewards}}], "wires": []}
    Flow.objects.create(workspace=workspace, name="scored", slug="scored", graph=graph)
    assert found(asker, starter) == [("scored", None, "starter@2", "number", 2)]


def test_a_node_that_is_no_longer_there_names_nothing(asker, workspace, starter):
    graph = {"nodes": [{"id": "x", "type": "gone.away", "settings": {"model": "starter"}}], "wires": []}
    Flow.objects.create(workspace=workspace, name="old", slug="old", graph=graph)
    assert found(asker, starter) == []


def test_flows_of_others_are_not_shown(stranger, workspace, starter):
    flow(workspace, "secret", "starter")
    theirs = asker_from_user(stranger)
    assert found(theirs, Model.objects.get(workspace=theirs.workspace)) == []
