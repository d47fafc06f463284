"""What a graph's settings point at must be there, in the asker's workspace."""

import uuid

import pytest

from flowbuilder.datasets.models import Dataset
from flowbuilder.engine.graph import Graph
from flowbuilder.flows.checking import check
from flowbuilder.flows.references import references_of
from flowbuilder.knowledge.models import KnowledgeBase

pytestmark = pytest.mark.django_db


def found(asker, *nodes):
    graph = Graph.model_validate(
        {"nodes": [{"id": f"n{number}", **node} for number, node in enumerate(nodes)]}
    )
    checked = check(graph, asker)
    return {
        (problem.node, problem.code, problem.setting): problem.message
        for problem in checked
        if problem.setting
    }


def test_what_must_be_chosen_is_asked_for_by_its_setting(asker):
    assert found(asker, {"type": "knowledge.retrieve"}, {"type": "data.dataset"}) == {
        ("n0", "unconfigured", "base"): "Choose the knowledge base ('base').",
        ("n1", "unconfigured", "dataset"): "Choose the dataset ('dataset').",
    }
    assert found(asker, {"type": "tools.mock_response"}) == {}


def test_what_is_not_there_any_more_is_named_with_what_there_is(asker):
    base = KnowledgeBase.objects.create(workspace=asker.workspace, name="Manuals")
    settings = [
        ("knowledge.retrieve", {"base": str(uuid.uuid4())}, "base", "Manuals"),
        ("knowledge.retrieve", {"base": str(base.pk), "also": ["gone"]}, "also", "Manuals"),
        ("language.local_model", {"model": "nobody"}, "model", "nobody"),
        ("data.dataset", {"dataset": "support@3"}, "dataset", "support@3"),
        ("tools.mock_response", {"operation": "Deliveries: GET /parcels"}, "operation", "GET /parcels"),
    ]
    for type_id, chosen, setting, word in settings:
        told = found(asker, {"type": type_id, "settings": chosen}).items()
        [((_, code, where), message)] = [each for each in told if each[0][1] != "empty"]
        assert (code, where) == ("missing", setting) and word in message
    [((_, code, _), message)] = found(
        asker, {"type": "knowledge.retrieve", "settings": {"base": str(base.pk)}}
    ).items()
    assert code == "empty" and "'Manuals' is empty" in message


def test_things_of_another_workspace_are_not_there(asker, stranger):
    from flowbuilder.accounts.services import asker_from_user

    other = asker_from_user(stranger)
    base = KnowledgeBase.objects.create(workspace=other.workspace, name="Secrets")
    Dataset.objects.create(workspace=other.workspace, name="theirs")
    problems = found(
        asker,
        {"type": "knowledge.retrieve", "settings": {"base": str(base.pk)}},
        {"type": "data.dataset", "settings": {"dataset": "theirs"}},
    )
    assert {(node, code) for node, code, _ in problems} == {("n0", "missing"), ("n1", "missing")}
    assert not any("Secrets" in message for message in problems.values())


def test_a_node_in_a_group_is_named_by_its_path_and_one_that_is_off_is_let_be(asker):
    body = {"nodes": [{"id": "find", "type": "knowledge.retrieve"}]}
    assert ("n0/find", "unconfigured", "base") in found(asker, {"type": "flow.group", "body": body})
    assert found(asker, {"type": "knowledge.retrieve", "mode": "off"}) == {}


def test_references_stand_in_lists_and_choices_too():
    settings = {"rewards": [{"kind": "length"}, {"kind": "learned", "model": "taste@2"}]}
    refs = [
        (reference.kind, reference.ref, reference.setting)
        for reference in references_of("reward.score", settings)
    ]
    assert ("model", "taste@2", "rewards") in refs
