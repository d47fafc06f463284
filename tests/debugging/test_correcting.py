"""One step: an answer that is kept, a test case, a pair to learn from, and a flow that gives the answer."""

import json

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.debugging.correcting import correct
from flowbuilder.debugging.graphs import answering_directly
from flowbuilder.feedback.models import Kind, Rating
from flowbuilder.knowledge.models import KnowledgeBase, Origin
from flowbuilder.testcases.models import TestCase
from tests.debugging.conftest import QUESTION

pytestmark = pytest.mark.django_db
RIGHT = "parcel_id and weight_kg"


def test_all_three_come_of_one_correction(asker, base, passage, make_run):
    run = make_run()
    made = correct(asker=asker, run=run, answer=RIGHT, passages=[passage])
    assert (made.passage.question, made.passage.text) == (QUESTION, RIGHT)
    assert made.passage.document.origin == Origin.ANSWERS and made.passage.base == base
    assert (made.case.question, made.case.expected_answer, made.case.run) == (QUESTION, RIGHT, run)
    assert (made.case.set.base, made.case.set.flow) == (base, run.flow)
    assert [one.document for one in made.case.expected.all()] == [passage.document]
    assert (made.rating.kind, made.rating.pairs()) == (Kind.CORRECTION, [(RIGHT, "I do not know.")])
    assert made.directly and not made.changed  # the flow was made so


def test_without_ticked_passages_the_kept_answer_is_what_should_be_found(asker, base, make_run):
    made = correct(asker=asker, run=make_run(), answer=RIGHT)
    assert [one.quote for one in made.case.expected.all()] == [RIGHT]


def test_corrected_again_it_is_one_answer_and_one_case(asker, base, make_run):
    for answer in ("first", "second"):
        correct(asker=asker, run=make_run(), answer=answer)
    assert [passage.text for passage in base.passages.all()] == ["second"]
    assert [case.expected_answer for case in TestCase.objects.all()] == ["second"]


def test_an_answer_that_was_right_is_kept_without_a_pair(asker, base, make_run):
    made = correct(asker=asker, run=make_run(reply=RIGHT), answer=RIGHT)
    assert made.rating is None and not Rating.objects.exists() and base.passages.count() == 1


def test_the_draft_is_changed_to_give_kept_answers(asker, base, flow, make_run):
    graph = {**flow.graph, "wires": [wire for wire in flow.graph["wires"] if wire["source_port"] != "answer"]}
    graph["nodes"] = [
        {**node, "settings": {"base": ""}} if node["id"] == "retrieve_1" else node for node in graph["nodes"]
    ]
    flow.graph = graph
    flow.save()
    left = correct(asker=asker, run=make_run(), answer=RIGHT, directly=False)
    assert not left.directly and not left.changed
    made = correct(asker=asker, run=make_run(), answer=RIGHT)
    assert made.directly and made.changed
    flow.refresh_from_db()
    assert flow.graph["wires"][0]["source_port"] == "answer" and flow.revision == 2
    assert answering_directly(flow.graph, ["retrieve_1"]) is None


def test_a_record_must_fit_its_schema(asker, base, flow, make_run):
    schema = {"type": "object", "properties": {"weight_kg": {"type": "number"}}, "required": ["weight_kg"]}
    graph = json.loads(json.dumps(flow.graph))
    graph["nodes"][3] |= {"type": "language.structured", "settings": {"json_schema": json.dumps(schema)}}
    run = make_run(graph=graph)
    with pytest.raises(ApiError, match="answers with a record"):
        correct(asker=asker, run=run, answer="heavy")
    with pytest.raises(ApiError, match="weight_kg"):
        correct(asker=asker, run=run, answer='{"weight_kg": "heavy"}')
    assert not base.passages.exists() and not TestCase.objects.exists() and not Rating.objects.exists()
    assert correct(asker=asker, run=run, answer='{"weight_kg": 2}').passage.text == '{"weight_kg": 2}'


def test_a_run_that_searched_nothing_needs_a_base_named(asker, base, make_run):
    run = make_run(graph={"nodes": [], "wires": [], "notes": []})
    with pytest.raises(ApiError, match="name a 'base'"):
        correct(asker=asker, run=run, answer=RIGHT)


def test_nothing_was_asked(asker, base, make_run):
    run = make_run()
    run.inputs = {}
    with pytest.raises(ApiError, match="asked no question"):
        correct(asker=asker, run=run, answer=RIGHT)


def test_another_base_stays_as_it_is(asker, base, make_run, workspace):
    other = KnowledgeBase.objects.create(workspace=workspace, name="other")
    correct(asker=asker, run=make_run(), answer=RIGHT, base=other)
    assert other.passages.count() == 1 and not base.passages.exists()
