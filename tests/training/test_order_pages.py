"""A training is ordered on a page: wishes in plain words, few choices, errors at their fields, foretold before it starts."""

import json
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from flowbuilder.accounts.models import Membership, Role
from flowbuilder.feedback.models import Kind, Rating
from flowbuilder.flows.services import create_flow
from flowbuilder.training import memory
from flowbuilder.training.forms import OrderForm
from flowbuilder.training.models import Job, Recipe
from flowbuilder.training.order_pages import WISHES
from flowbuilder.training.orders import ORDERS
from tests.training.test_ordering import PAIRS, frozen

pytestmark = pytest.mark.django_db
EXAMPLE = json.dumps({"prompt": "Say 1.", "completion": "1"})
SFT = {"recipe": "sft", "model": "starter@1", "source": "rows", "rows": EXAMPLE, "steps": "12"}
GRPO = {"recipe": "grpo", "model": "starter@1", "source": "rows", "rows": "Say 1.\nSay 2.", "steps": "5"}


@pytest.fixture
def client(api_client, owner, workspace):
    return api_client(owner)


def order(client, **fields):
    return client.post("/training/new/", fields)


def text(answer) -> str:
    return unescape(answer.content.decode())


def test_every_recipe_is_somebody_s_wish():
    wished = {recipe for *_, recipes in WISHES for recipe in recipes}
    assert wished >= set(ORDERS) - {Recipe.EVALUATE}


@pytest.mark.parametrize("recipe", sorted(set(ORDERS) - {Recipe.EVALUATE}))
def test_each_form_shows_all_settings_with_their_help(client, recipe):
    page = text(client.get("/training/new/", {"recipe": recipe}))
    form = OrderForm(None, recipe)
    assert "All settings" in page and 'name="steps"' in page
    for name in form.setting_names:
        field = form.fields[name]
        assert field.help_text and field.help_text in page, name
    assert ('name="clip"' in page) is (recipe == "ppo")


def test_an_order_with_few_choices_starts_a_job(client):
    answer = order(client, **SFT)
    job = Job.objects.get()
    assert answer.status_code == 302 and str(job.pk) in answer.url
    assert (job.recipe, job.base.ref, job.steps, job.settings["steps"]) == ("sft", "starter@1", 12, 12)
    assert len(job.data["examples"]) == 1


def test_a_file_is_read_as_rows_too(client):
    csv = SimpleUploadedFile("rows.csv", b"prompt,completion\nSay 1.,1\nSay 2.,2\n")
    assert order(client, **{**SFT, "rows": "", "file": csv}).status_code == 302
    assert len(Job.objects.get().data["examples"]) == 2


def test_a_model_from_scratch_reads_a_text_file(client):
    book = SimpleUploadedFile("book.txt", b"A van brings parcels.\n---\nA depot keeps them.")
    fields = {"recipe": "pretrain", "source": "rows", "name": "mine", "size": "tiny", "file": book}
    assert order(client, **fields).status_code == 302
    job = Job.objects.get()
    assert (job.base, job.settings["name"], job.settings["size"]) == (None, "mine", "tiny")
    assert job.data["texts"] == ["A van brings parcels.", "A depot keeps them."]
    assert len(job.estimate["seconds"]) == 2


def test_a_dataset_s_version_and_rules_for_practice(client, workspace):
    version = frozen(workspace.pk, "taste", "preference", PAIRS)
    rule = {"rule-length": "on", "rule-length-most": "5", "rule-length-weight": "2"}
    assert order(client, **{**GRPO, "source": "dataset", "dataset": "taste@1", **rule}).status_code == 302
    job = Job.objects.get()
    assert job.dataset_version == version and len(job.data["prompts"]) == version.counts["train"]
    (rewarded,) = job.data["rewards"]
    assert (rewarded["kind"], float(rewarded["most"]), float(rewarded["weight"])) == ("length", 5, 2)


def test_what_people_said_of_a_flow(client, asker):
    flow = create_flow(asker=asker, name="Desk")
    said = {"workspace": asker.workspace, "flow": flow, "person": asker.user, "prompt": "Say 1."}
    Rating.objects.create(**said, kind=Kind.CORRECTION, answer="one", correction="1")
    feedback = {"source": "feedback", "flow": str(flow.pk), "rows": ""}
    assert order(client, **{**SFT, **feedback, "recipe": "dpo"}).status_code == 302
    (pair,) = Job.objects.get().data["pairs"]
    assert (pair["chosen"], pair["rejected"]) == ("1", "one")
    other = create_flow(asker=asker, name="Empty")
    refused = order(client, **{**SFT, **feedback, "flow": str(other.pk)})
    assert refused.status_code == 422 and "no feedback of Empty" in text(refused)


@pytest.mark.parametrize(
    ("fields", "field", "why"),
    [
        ({"steps": "0"}, "steps", "greater than or equal to 1"),
        ({"steps": "many"}, "steps", "valid integer"),
        ({"learning_rate": "5"}, "learning_rate", "less than or equal to 0.1"),
        ({"rows": ""}, "rows", "paste some"),
        ({"rows": '{"prompt": "x"}'}, "rows", "Line 1"),
        ({"rows": EXAMPLE + "\nnot json"}, "rows", "Line 2: it is not JSON"),
        ({"source": "dataset"}, "dataset", "choose one"),
        ({"model": "nope@1"}, "model", "Select a valid choice"),
        ({"processes": "0"}, "processes", "greater than or equal to 1"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(client, fields, field, why):
    answer = order(client, **{**SFT, **fields})
    form = answer.context["form"]
    assert answer.status_code == 422 and not Job.objects.exists()
    assert why in form.errors[field][0] and why in text(answer)
    assert 'value="12"' in text(answer) or "steps" in fields


def test_practice_needs_something_that_says_what_is_good(client):
    assert "Nothing says what a good answer is" in text(order(client, **GRPO))


def test_what_does_not_fit_is_refused_with_what_would(client, monkeypatch):
    monkeypatch.setattr(memory, "machine", lambda: 2**28)
    for path, status in (("/training/new/", 422), ("/training/estimate/", 200)):
        answer = client.post(path, SFT)
        assert answer.status_code == status and "this machine has 230 MiB for it" in text(answer)
    assert not Job.objects.exists()


def test_memory_and_time_are_foretold_and_nothing_is_started(client):
    told = text(client.post("/training/estimate/", SFT))
    assert "a first guess" in told and "GiB" in told and not Job.objects.exists()
    assert "greater than or equal to 1" in text(client.post("/training/estimate/", {**SFT, "steps": "0"}))


def test_again_with_changes_begins_where_the_earlier_one_stood(client):
    order(client, **{**GRPO, "rule-exact": "on", "kl": "0.2"})
    job = Job.objects.get()
    page = client.get("/training/new/", {"again": job.pk})
    form = page.context["form"]
    assert form["kl"].value() == 0.2 and form["rule-exact"].value() and form["source"].value() == "job"
    changed = {**GRPO, "again": str(job.pk), "source": "job", "rows": "", "rule-exact": "on", "kl": "0.3"}
    assert order(client, **changed).status_code == 302
    newer = Job.objects.order_by("created_at").last()
    assert newer.data["prompts"] == job.data["prompts"] and newer.settings["kl"] == 0.3


def test_what_another_workspace_trained_is_not_trained_again(api_client, stranger, client):
    order(client, **SFT)
    job = Job.objects.get()
    assert api_client(stranger).get("/training/new/", {"again": job.pk}).status_code == 404
    assert client.get("/training/new/", {"again": "x"}).status_code == 404
    assert client.get("/training/new/", {"recipe": "magic"}).status_code == 404


def test_a_viewer_sees_the_wishes_and_orders_nothing(api_client, teammate):
    Membership.objects.filter(user=teammate).update(role=Role.VIEWER)
    client = api_client(teammate)
    assert "Start training" not in text(client.get("/training/new/", {"recipe": "sft"}))
    assert order(client, **SFT).status_code == 403


def test_the_settings_are_read_in_chinese(api_client, owner):
    page = api_client(owner).get("/training/new/?recipe=grpo", headers={"Accept-Language": "zh-hans"})
    shown = page.content.decode()
    assert "学习率" in shown and "是 JSON 吗？" in shown
    assert "Training steps." not in shown and "Is it JSON" not in shown
