"""A published flow that begins with a form: visitors see it, fill it in, and are told what cannot be read."""

import pytest

from flowbuilder.flows import publication, services
from flowbuilder.publishing import doors as ways_in
from flowbuilder.runs.models import Run, Status
from tests.publishing.conftest import Visit

pytestmark = pytest.mark.django_db

FIELDS = [
    {"kind": "text", "name": "name", "label": "Your name", "help": "As on the parcel"},
    {"kind": "number", "name": "weight", "minimum": 0.5, "default": 2},
    {"kind": "choice", "name": "size", "choices": ["S", "M"], "required": False},
    {"kind": "yes_no", "name": "gift"},
    {"kind": "file", "name": "list", "endings": ".csv", "required": False},
]


@pytest.fixture
def visit(asker):
    flow = services.create_flow(asker=asker, name="Parcel")
    form = {
        "id": "form",
        "type": "flow.form",
        "settings": {"intro": "Send a parcel", "button": "Send", "fields": FIELDS},
    }
    wires = [
        {"id": "w", "source": "form", "source_port": "name", "target": "reply", "target_port": "content"}
    ]
    flow.graph = {"nodes": [form, {"id": "reply", "type": "flow.reply"}], "wires": wires}
    flow.save()
    services.publish_version(asker=asker, flow=flow)
    publication.set_publication(asker=asker, flow=flow, number=1)
    return Visit(ways_in.change(asker=asker, flow=flow, page=True).address)


def fill_in(visit, **inputs):
    return visit.send("post", "", {"inputs": inputs, "conversation": "0" * 32})


def test_the_page_shows_the_form_and_no_question(visit):
    page = visit.page.content.decode()
    for shown in (
        "Send a parcel",
        "Your name",
        "As on the parcel",
        'type="number"',
        'min="0.5"',
        ">M</option>",
        'accept=".csv"',
    ):
        assert shown in page
    assert "data-composer" not in page and 'data-testid="form"' in page


def test_what_was_filled_in_starts_a_run_and_nothing_else_gets_in(visit):
    answer = fill_in(visit, name="Ada", weight="3", gift="true", webhook={"body": {}}, other="x")
    assert answer.status_code == 202
    run = Run.objects.get(pk=answer.json()["id"])
    assert run.inputs == {"name": "Ada", "weight": "3", "gift": "true", "history": []}
    assert run.origin == {"kind": "visitor"}
    Run.objects.filter(pk=run.pk).update(status=Status.FINISHED, reply="On its way.")
    told = visit.send("get", f"/{run.pk}").json()
    assert told["question"] == "name: Ada\nweight: 3\ngift: true"
    again = Run.objects.get(pk=fill_in(visit, name="Ben").json()["id"])
    assert again.inputs["history"][0]["content"].startswith("name: Ada")


def test_what_cannot_be_read_is_named(visit):
    refused = fill_in(visit, weight="0.1")
    assert refused.status_code == 422
    assert [row["where"] for row in refused.json()["error"]["details"]] == ["inputs.name", "inputs.weight"]
    assert not Run.objects.exists()


def test_a_large_file_is_taken_and_a_larger_one_refused(visit):
    assert fill_in(visit, name="Ada", list="a,b\n" * 50_000).status_code == 202
    assert fill_in(visit, name="Ada", list="a" * 2_100_000).status_code == 413
