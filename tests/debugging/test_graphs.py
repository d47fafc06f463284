"""Graphs that search a base."""

import pytest

from flowbuilder.debugging.graphs import (
    answering_flow,
    base_of,
    flows_using,
    looking_of,
    looking_so,
    retrievers,
)
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.validate import problems
from flowbuilder.flows.nodes import catalogue
from flowbuilder.knowledge.models import KnowledgeBase
from nodes.knowledge.looking import Looking

pytestmark = pytest.mark.django_db


def graph(**settings) -> dict:
    return {"nodes": [{"id": "r", "type": "knowledge.retrieve", "settings": settings}], "wires": []}


def test_a_base_is_named_by_id_name_or_not_at_all(base):
    named = [graph(base=str(base.pk)), graph(base="protocol"), graph(also=["protocol"], base="x")]
    assert [retrievers(one, base, only=False) for one in named] == [["r"]] * 3
    assert retrievers(graph(), base, only=True) == ["r"] and retrievers(graph(), base, only=False) == []
    assert base_of(graph(), base.workspace_id) == base


def test_an_empty_name_means_no_base_where_there_are_several(base, workspace):
    KnowledgeBase.objects.create(workspace=workspace, name="other")
    assert (
        base_of(graph(), base.workspace_id) is None
        and base_of(graph(base="protocol"), base.workspace_id) == base
    )


def test_settings_of_the_pane_go_into_the_run_alone(base):
    before = answering_flow(base)
    changed = looking_so(before, ["retrieve_1"], Looking(limit=9, mode="keywords"))
    assert looking_of(changed, ["retrieve_1"]) == Looking(limit=9, mode="keywords")
    assert looking_of(before, ["retrieve_1"]) == Looking() and changed["wires"] == before["wires"]


def test_the_flow_that_is_made_runs(base, flow, asker):
    assert problems(Graph.model_validate(answering_flow(base)), catalogue()) == []
    assert flows_using(base, asker) == [flow]
