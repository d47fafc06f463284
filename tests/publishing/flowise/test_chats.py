"""What the widget does around a prediction: configuration, thumbs, stop, leads, files, and going on after a decision."""

import csv
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from flowbuilder.feedback.models import Rating
from flowbuilder.flows import publication, services
from flowbuilder.publishing import doors as ways_in
from flowbuilder.publishing.flowise.asking import ask
from flowbuilder.publishing.flowise.entrance import Caller
from flowbuilder.publishing.flowise.files import texts_of, with_files
from flowbuilder.publishing.flowise.models import Lead
from flowbuilder.publishing.flowise.sent import Prediction, Upload
from flowbuilder.publishing.models import Turn
from flowbuilder.runs.models import Run, Status, Wait

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(public, answers) -> dict:
    return public.post("prediction", {"question": "Ann", "chatId": "c-1"}).json()


def test_the_configuration_is_what_the_widget_reads(asker, opened, public):
    told = public.get("public-chatbotConfig").json()
    assert told["starterPrompts"] == {"0": {"prompt": "Ann"}, "1": {"prompt": "Bob"}}
    assert told["chatFeedback"] == {"status": True} and told["leads"] == {"status": False}
    assert json.loads(told["flowData"])["nodes"][0]["data"]["inputs"] == {"startInputType": "chatInput"}
    assert told["uploads"]["imgUploadSizeAndTypes"] == [] and told["fullFileUpload"]["status"] is False
    ways_in.change(asker=asker, flow=opened.flow, flowise_files=True, flowise_leads=True, feedback=False)
    told = public.get("public-chatbotConfig").json()
    assert (
        told["fullFileUpload"]["status"]
        and told["leads"]["email"]
        and told["chatFeedback"] == {"status": False}
    )


def test_a_thumb_is_a_rating_like_our_own(public, asked):
    said = {"chatId": "c-1", "messageId": asked["chatMessageId"], "rating": "THUMBS_DOWN", "content": ""}
    row = public.post("feedback", said).json()
    rating = Rating.objects.get(pk=row["id"])
    assert (rating.kind, rating.up, rating.answer, rating.person) == ("thumbs", False, "Hello, Ann!", None)
    assert str(rating.run_id) == asked["executionId"]
    changed = public.put(f"feedback/{row['id']}", {"content": "It is Anna."}).json()
    assert (changed["id"], changed["content"], changed["rating"]) == (row["id"], "It is Anna.", "THUMBS_DOWN")
    public.post("feedback", {**said, "rating": "THUMBS_UP"})
    assert Rating.objects.get().up is True


def test_nobody_rates_what_another_chat_was_told(asker, opened, public, program, asked):
    said = {"chatId": "c-2", "messageId": asked["chatMessageId"], "rating": "THUMBS_UP"}
    assert public.post("feedback", said).status_code == 404
    assert (
        program.post("feedback", {**said, "chatId": "c-1"}).status_code == 404
    )  # the public's chat of that name
    ways_in.change(asker=asker, flow=opened.flow, feedback=False)
    assert public.post("feedback", {**said, "chatId": "c-1"}).status_code == 403
    assert not Rating.objects.exists()


def test_a_stop_reaches_the_runs_of_one_chat(public, opened):
    asker = Caller(opened, None, "", "")
    runs = [ask(asker, Prediction(question="Ann", chatId=chat), []).turn.run for chat in ("c-1", "c-2")]
    assert public.put("chatmessage/abort/" + f"{opened.flow_id}/c-1", {}).json()["status"] == 200
    stopped = [Run.objects.get(pk=run.pk).cancel_requested for run in runs]
    assert stopped == [True, False]


def test_leads_are_kept_listed_exported_and_forgotten(asker, opened, public, answers):
    left = {"chatflowid": str(opened.flow_id), "chatId": "c-1", "name": "=Ann", "email": "ann@example.test"}
    assert public.post("leads/", left).status_code == 403
    ways_in.change(asker=asker, flow=opened.flow, flowise_leads=True)
    row = public.post("leads/", left).json()
    assert (row["chatId"], row["email"]) == ("c-1", "ann@example.test")
    public.post("leads/", {**left, "phone": "123"})
    public.post("prediction", {"question": "Bob", "chatId": "c-2", "leadEmail": "bob@example.test"})
    assert set(Lead.objects.values_list("email", "phone")) == {
        ("ann@example.test", "123"),
        ("bob@example.test", ""),
    }
    owner = Client()
    owner.force_login(asker.user)
    page = f"/publishing/{opened.flow_id}/leads/"
    assert "bob@example.test" in owner.get(page).content.decode()
    rows = list(csv.DictReader(owner.get(f"{page}export/").content.decode().splitlines()))
    assert {each["name"] for each in rows} == {"'=Ann", ""}
    owner.post(f"{page}{Lead.objects.get(chat='c-1').pk}/deletion/")
    assert [lead.chat for lead in Lead.objects.all()] == ["c-2"]


def test_a_decision_in_the_chat_lets_the_run_go_on(asker, opened):
    caller = Caller(opened, None, "", "")
    turn = ask(caller, Prediction(question="Refund", chatId="c-1"), []).turn
    turn.run.events.create(seq=5, type="node.waiting", node="approval_1", data={"key": "k"}, at=0)
    wait = Wait.objects.create(run=turn.run, node_id="approval_1", key="k", about={"kind": "approval"})
    Run.objects.filter(pk=turn.run_id).update(status=Status.WAITING)
    decided = Prediction.model_validate(
        {
            "chatId": "c-1",
            "humanInput": {"type": "reject", "startNodeId": "approval_1", "feedback": "Too dear"},
        }
    )
    with pytest.raises(Exception, match="not the chat"):
        ask(caller, decided, [])
    caller = Caller(ways_in.change(asker=asker, flow=opened.flow, flowise_approvals=True), None, "", "")
    with pytest.raises(Exception, match="Nothing in this chat"):
        ask(caller, decided.model_copy(update={"chatId": "c-2"}), [])
    went_on = ask(caller, decided, [])
    wait.refresh_from_db()
    assert (wait.answer["outcome"], wait.answer["comment"], wait.answer["by"]) == (
        "refused",
        "Too dear",
        "a visitor",
    )
    assert (went_on.turn, went_on.after, went_on.answered) == (turn, 5, {"k"})


def test_files_are_read_as_text_and_only_where_they_may_come(asker, opened, public, program, answers):
    notes = lambda: SimpleUploadedFile("notes.txt", b"A parcel has an id.")  # noqa: E731
    assert public.upload(f"attachments/{opened.flow_id}/c-1", {"files": notes()}).status_code == 403
    ways_in.change(asker=asker, flow=opened.flow, flowise_files=True)
    kept = public.upload(f"attachments/{opened.flow_id}/c-1", {"files": notes()}).json()
    assert kept == [
        {"name": "notes.txt", "mimeType": "text/plain", "size": 19, "content": "A parcel has an id."}
    ]
    found = f"get-upload-file?chatflowId={opened.flow_id}&fileName=notes.txt&chatId="
    shown = public.client.get(f"/api/v1/{found}c-1")
    assert shown.content == b"A parcel has an id." and shown["Content-Disposition"].startswith("attachment")
    assert public.client.get(f"/api/v1/{found}c-2").status_code == 404
    sent = {"question": "Which?", "chatId": "c-3", "files": notes()}
    assert program.upload("prediction", sent).status_code == 200
    assert "<doc name='notes.txt'>A parcel has an id.</doc>" in Run.objects.get().inputs["question"]
    assert (
        program.upload(f"vector/upsert/{opened.flow_id}", {"files": notes()}).status_code == 422
    )  # it reads no base
    assert public.upload(f"vector/upsert/{opened.flow_id}", {"files": notes()}).status_code == 401


def test_what_no_node_takes_is_refused_by_name():
    read = texts_of([Upload(name="a.txt", data="data:text/plain;base64,SGk=", mime="text/plain")], [])
    assert with_files("Why?", read) == "<doc name='a.txt'>Hi</doc>\n\nWhy?"
    assert texts_of([Upload(type="file:full", name="b.txt", data="read before")], [])[0].text == "read before"
    for upload in (
        {"type": "audio", "name": "x.webm", "data": "data:audio/webm;base64,AA=="},
        {"name": "x.png", "data": "data:image/png;base64,AA==", "mime": "image/png"},
        {"type": "url", "name": "x.html", "data": "http://169.254.169.254/"},
        {"name": "x.bin", "data": "data:application/octet-stream;base64,AAECAw=="},
        {"name": "x.txt", "data": "data:text/plain;base64,%%%"},
    ):
        with pytest.raises(Exception, match=upload["name"]):
            texts_of([Upload(**upload)], [])


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        "[" * 100_000,
        '{"question": {"a": 1}}',
        '{"chatId": "' + "x" * 200 + '", "question": "a"}',
        "{}",
    ],
    ids=["broken", "a list", "deep", "an object for a text", "a long id", "nothing"],
)
def test_a_bad_body_is_refused_by_name(public, body):
    path = f"/api/v1/prediction/{public.flow}"
    answer = public.client.post(path, body, content_type="application/json")
    assert answer.status_code == 400 and answer.json()["success"] is False and answer.json()["message"]
    assert not Turn.objects.exists()


def test_history_that_is_sent_stands_for_what_we_know(program, answers):
    history = [{"role": "userMessage", "content": "Hi"}, {"role": "apiMessage", "content": "Hello"}]
    program.post("prediction", {"question": "Ann", "history": history})
    assert Run.objects.get().inputs["history"] == [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello"},
    ]


def test_the_icon_of_a_node_is_an_image(public):
    icon = public.client.get("/api/v1/node-icon/flow.start")
    assert icon["Content-Type"] == "image/svg+xml" and b"<path" in icon.content
    assert public.client.get("/api/v1/node-icon/../settings").status_code == 404


FIELDS = [
    {"kind": "text", "name": "city", "label": "Which city?"},
    {"kind": "choice", "name": "size", "choices": ["small", "large"]},
    {"kind": "yes_no", "name": "express"},
    {"kind": "file", "name": "notes", "required": False},
]
FORM = {
    "nodes": [
        {"id": "form", "type": "flow.form", "settings": {"fields": FIELDS, "intro": "Tell us."}},
        {"id": "reply", "type": "flow.reply"},
    ],
    "wires": [
        {"id": "w", "source": "form", "source_port": "city", "target": "reply", "target_port": "content"}
    ],
}


def test_a_form_is_shown_and_filled_in(asker, opened, program, answers):
    flow = opened.flow
    services.save_draft(flow=flow, graph=FORM, revision=1)
    flow.refresh_from_db()
    version = services.publish_version(asker=asker, flow=flow)
    publication.set_publication(asker=asker, flow=flow, number=version.number)
    start = json.loads(program.get("public-chatbotConfig").json()["flowData"])["nodes"][0]["data"]
    assert (start["name"], start["inputs"]["startInputType"]) == ("startAgentflow", "formInput")
    asked = {
        field["name"]: (field["type"], field.get("addOptions")) for field in start["inputs"]["formInputTypes"]
    }
    assert asked["size"] == ("options", [{"option": "small"}, {"option": "large"}])
    assert (asked["city"], asked["express"]) == (("string", None), ("boolean", None))
    missing = program.post("prediction", {"form": {"size": "small"}})
    assert missing.status_code == 422 and "Which city?" in missing.json()["message"]
    notes = SimpleUploadedFile("notes.txt", b"Ring twice.")
    sent = {"form": json.dumps({"city": "Bonn", "size": "large", "webhook": "x"}), "files": notes}
    assert program.upload("prediction", sent).status_code == 200
    inputs = Run.objects.get().inputs
    assert {name: inputs[name] for name in ("city", "size", "notes")} == {
        "city": "Bonn",
        "size": "large",
        "notes": "Ring twice.",
    }
    assert "webhook" not in inputs
