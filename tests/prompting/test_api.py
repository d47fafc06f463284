"""Prompts over HTTP: listed, rewritten, searched on cases, by those who may."""

import json

import pytest

from flowbuilder.feedback.models import Kind, Rating
from flowbuilder.prompting import searching
from flowbuilder.runs.models import Run
from flowbuilder.testcases import services as testcases
from tests.prompting.conftest import BAD, CASES, graph_of

pytestmark = pytest.mark.django_db(transaction=True)
WHERE = {"node": "prompt", "setting": "template"}


def test_prompts_are_listed_with_the_cases_there_are(send, flow, asker):
    found = testcases.create_set(asker=asker, name="Set", flow=flow)
    testcases.add_case(test_set=found, question="Where?", expected_answer="Here.")
    run = Run.objects.create(
        workspace=flow.workspace, flow=flow, graph=flow.graph, inputs={"question": "Who?"}
    )
    said = {"kind": Kind.CORRECTION, "correction": "You.", "prompt": "whole prompt", "answer": "I."}
    Rating.objects.create(workspace=flow.workspace, flow=flow, run=run, **said)
    answer = send(asker.user, "get", f"/api/flows/{flow.pk}/prompts").json()
    assert answer["prompts"][0] == {**WHERE, "text": BAD, "placeholders": ["question"]}
    assert {(case["question"], case["expected"], case["origin"]) for case in answer["cases"]} == {
        ("Where?", "Here.", "test set"),
        ("Who?", "You.", "correction"),
    }


def test_a_correction_of_a_question_outdoes_what_a_set_expected(send, flow, asker):
    found = testcases.create_set(asker=asker, name="Set", flow=flow)
    testcases.add_case(test_set=found, question="Who?", expected_answer="Nobody.")
    run = Run.objects.create(
        workspace=flow.workspace, flow=flow, graph=flow.graph, inputs={"question": "Who?"}
    )
    said = {"kind": Kind.CORRECTION, "correction": "You.", "prompt": "p", "answer": "I."}
    Rating.objects.create(workspace=flow.workspace, flow=flow, run=run, **said)
    cases = send(asker.user, "get", f"/api/flows/{flow.pk}/prompts").json()["cases"]
    assert [case["expected"] for case in cases] == ["You."]


def test_a_rewrite_is_mended_and_says_what_it_changes(send, flow, asker, says):
    says(lambda prompt: "Answer in one word: {question}")
    body = {**WHERE, "model": "starter", "wish": "shorter", "stream": False}
    answer = send(asker.user, "post", f"/api/flows/{flow.pk}/rewrites", body).json()
    assert answer["text"] == "Answer in one word: {{ question }}" and answer["restored"] == ["question"]
    pieces = answer["difference"]
    assert "".join(piece["text"] for piece in pieces if piece["kind"] != "new") == BAD


def test_a_rewrite_streams(send, flow, asker, says):
    says(lambda prompt: "Be kind. {{ question }}")
    answer = send(asker.user, "post", f"/api/flows/{flow.pk}/rewrites", {**WHERE, "model": "starter"})
    frames = (
        b"".join(answer.streaming_content if not answer.is_async else drained(answer))
        .decode()
        .strip()
        .split("\n\n")
    )
    assert [frame.split("\n")[0] for frame in frames] == ["event: token", "event: finished"]
    assert json.loads(frames[1].split("data: ")[1])["text"] == "Be kind. {{ question }}"


def drained(answer):
    from asgiref.sync import async_to_sync

    async def all_of():
        return [piece async for piece in answer.streaming_content]

    return async_to_sync(all_of)()


def test_a_model_that_writes_no_prompt_is_named(send, flow, asker, says):
    says(lambda prompt: '{"parcel_id": "PX-1"}')
    answer = send(
        asker.user, "post", f"/api/flows/{flow.pk}/rewrites", {**WHERE, "model": "starter", "stream": False}
    )
    assert answer.status_code == 422 and "starter@1" in answer.json()["error"]["message"]


def test_a_run_that_went_wrong_tells_the_model(send, flow, asker, says):
    asked = says(lambda prompt: "Better. {{ question }}")
    failed = {"inputs": {"question": "Where is PX-1?"}, "reply": "No idea.", "error": ""}
    run = Run.objects.create(workspace=flow.workspace, flow=flow, graph=flow.graph, **failed)
    body = {
        **WHERE,
        "model": "starter",
        "stream": False,
        "failure": {"run": str(run.pk), "expected": "Bay 4"},
    }
    assert send(asker.user, "post", f"/api/flows/{flow.pk}/rewrites", body).status_code == 200
    assert all(told in asked[0] for told in ("Where is PX-1?", "No idea.", "Bay 4"))


def test_without_a_model_that_can_rules_write(send, flow, asker):
    body = {**WHERE, "wish": "always answer in Chinese", "stream": False}
    answer = send(asker.user, "post", f"/api/flows/{flow.pk}/rewrites", body).json()
    assert answer["model"] == "rules" and "Always answer in Chinese." in answer["text"]


@pytest.mark.parametrize(
    ("body", "status", "about"),
    [
        ({"node": "gone", "setting": "template"}, 404, "prompt.template"),
        ({"node": "start", "setting": "example"}, 422, "prompt.template"),
        ({**WHERE, "model": "gigantic"}, 422, "gigantic"),
        ({**WHERE, "text": " "}, 422, "write a first one"),
    ],
)
def test_what_cannot_be_rewritten_is_named(send, flow, asker, body, status, about):
    answer = send(asker.user, "post", f"/api/flows/{flow.pk}/rewrites", body)
    assert answer.status_code == status and about in answer.json()["error"]["message"]


def test_a_search_is_ordered_done_and_read(send, flow, asker, says):
    says(lambda prompt: "no" if "Answer." in prompt else f"In bay {prompt.rsplit('parcel ', 1)[-1][0]}.")
    cases = [case.model_dump(mode="json") for case in CASES]
    body = {**WHERE, "cases": cases, "model": "rules", "answers": 150}
    made = send(asker.user, "post", f"/api/flows/{flow.pk}/searches", body)
    assert made.status_code == 202 and made.json()["found"] is None
    searching.search(made.json()["id"])
    found = send(asker.user, "get", f"/api/searches/{made.json()['id']}").json()
    assert found["status"] == "finished" and found["found"]["after"] > found["found"]["before"]
    assert len(send(asker.user, "get", f"/api/flows/{flow.pk}/searches").json()) == 1


def test_a_search_without_cases_says_where_they_come_from(send, flow, asker):
    answer = send(asker.user, "post", f"/api/flows/{flow.pk}/searches", WHERE)
    assert answer.status_code == 422 and "at least two cases" in answer.json()["error"]["message"]


def test_a_queued_one_is_cancelled_at_once(send, flow, asker):
    cases = [case.model_dump(mode="json") for case in CASES]
    made = send(asker.user, "post", f"/api/flows/{flow.pk}/searches", {**WHERE, "cases": cases}).json()
    assert (
        send(asker.user, "post", f"/api/searches/{made['id']}/cancellation").json()["status"] == "cancelled"
    )


def test_strangers_see_nothing(send, flow, asker, stranger):
    for method, path in [("get", "prompts"), ("post", "rewrites"), ("post", "searches")]:
        body = WHERE if method == "post" else None
        assert send(stranger, method, f"/api/flows/{flow.pk}/{path}", body).status_code == 404


def test_a_flow_of_no_prompt_lists_none(send, asker, flow):
    flow.graph = {**graph_of(), "nodes": [], "wires": []}
    flow.save()
    assert send(asker.user, "get", f"/api/flows/{flow.pk}/prompts").json()["prompts"] == []
