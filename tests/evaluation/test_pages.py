"""The pages of evaluations: ordered by a form, shown with verdict and both answers, filtered, exported."""

import csv
import io
import json

import pytest

from flowbuilder.accounts.models import Membership, Role
from flowbuilder.evaluation.models import Evaluation
from flowbuilder.tables.writing import guarded
from tests.evaluation.conftest import row

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def page(client, path, **options) -> str:
    return client.get(path, **options).content.decode()


def test_a_form_orders_an_evaluation(api_client, owner, trained):
    client = api_client(owner)
    shown = page(client, f"/evaluations/new/?after={trained.ref}")
    assert '<option value="starter@2" selected>starter@2' in shown
    told = {
        "after": trained.ref,
        "prompts": 'One?\n{"prompt": "Two?", "reference": "2"}',
        "exact": "on",
        "longest": "40",
        "safety": "on",
        "max_new_tokens": "16",
        "margin": "0.1",
    }
    answer = client.post("/evaluations/new/", told)
    evaluation = Evaluation.objects.get()
    assert answer["Location"] == f"/evaluations/{evaluation.pk}/"
    job = evaluation.job
    assert [reward["kind"] for reward in job.data["rewards"]] == ["exact", "length"]
    assert job.data["prompts"][1] == {"prompt": "Two?", "reference": "2"} and job.settings["safety"]
    waiting = page(client, f"/evaluations/{evaluation.pk}/")
    assert "starter@2 against starter@1" in waiting and 'hx-trigger="every 1s"' in waiting
    assert f"/evaluations/{evaluation.pk}/" in page(client, f"/training/{job.pk}/")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"prompts": "{x"}, "line 1 is not JSON"),
        ({"prompts": " "}, "choose a dataset"),
        ({"json_schema": "{"}, "this is not JSON"),
        ({"pattern": "("}, "pattern"),
        ({"margin": "7"}, "less than or equal to 1"),
    ],
)
def test_a_form_that_cannot_be_says_why(api_client, owner, trained, wrong, why):
    told = {"after": trained.ref, "prompts": "One?", "max_new_tokens": "16", "margin": "0.1", **wrong}
    answer = api_client(owner).post("/evaluations/new/", told)
    assert answer.status_code == 422 and why in answer.content.decode()
    assert not Evaluation.objects.exists()


def test_a_result_shows_the_verdict_and_both_answers(api_client, owner, evaluation):
    shown = page(api_client(owner), f"/evaluations/{evaluation.pk}/")
    assert 'data-testid="verdict" data-passed="true"' in shown
    assert "95 % interval" in shown and 'data-by="rewards"' in shown
    assert "Prompt 22" in shown and "Prompt 23" not in shown  # worse ones first, and alone
    assert "the </span>" not in shown and "&lt;" in shown and "<b>22</b>" not in shown
    assert shown.count("<mark") >= 2 and "could not be told" in shown.lower()


def test_answers_are_filtered(api_client, owner, evaluation):
    client, path = api_client(owner), f"/evaluations/{evaluation.pk}/"
    part = page(client, f"{path}?show=improved", headers={**HTMX, "HX-Target": "section#answers"})
    assert part.lstrip().startswith('<section id="answers"') and part.count('data-testid="answer"') == 20
    assert page(client, f"{path}?show=improved&page=2").count('data-testid="answer"') == 2
    safe = page(client, f"{path}?show=safety")
    assert "hate" in safe and "by rules" in safe and safe.count('data-testid="answer"') == 2
    assert page(client, f"{path}?show=nonsense&page=x").count('data-testid="answer"') == 1


def test_the_list_shows_what_the_gate_says(api_client, owner, evaluation, order):
    order(data={"prompts": [{"prompt": "Still to come"}]})
    shown = page(api_client(owner), "/evaluations/")
    assert shown.count('data-testid="evaluation"') == 2 and "Passed" in shown and "Waiting" in shown
    assert page(api_client(owner), "/evaluations/", headers=HTMX).lstrip().startswith('<div id="evaluations"')


def test_exports(api_client, owner, evaluation):
    client, path = api_client(owner), f"/evaluations/{evaluation.pk}/export"

    def whole(form: str) -> str:
        return b"".join(client.get(f"{path}/{form}/").streaming_content).decode()

    everything = json.loads(whole("json"))
    assert len(everything["prompts"]) == 26 and everything["report"]["after"] == "starter@2"
    rows = list(csv.DictReader(io.StringIO(whole("csv"))))
    assert (rows[22]["worse"], rows[22]["after"]) == ("True", "the new <b>22</b>")
    text = whole("md")
    assert "### The gate: passed" in text and "**Worse by 0.80:** Prompt 22" in text
    assert client.get(f"{path}/pdf/").status_code == 404


def test_nothing_is_exported_before_it_is_there(api_client, owner, order):
    assert api_client(owner).get(f"/evaluations/{order().pk}/export/json/").status_code == 404


@pytest.mark.parametrize("start", list("=+-@\t"))
def test_a_spreadsheet_runs_nothing(start):
    assert guarded(f"{start}SUM(A1)") == f"'{start}SUM(A1)"


def test_two_equal_answers_have_no_marks(api_client, owner, order, finish):
    same = row(0, 0.9, 0.1)
    same.after.answer = same.before.answer
    shown = page(api_client(owner), f"/evaluations/{finish(order(), [same]).pk}/")
    assert "<mark" not in shown


def test_each_asker_gets_the_right_answer(api_client, teammate, stranger, workspace, evaluation):
    path = f"/evaluations/{evaluation.pk}/"
    assert api_client(teammate).get(path).status_code == 200
    assert api_client(stranger).get(path).status_code == 404
    assert api_client(None).get(path).status_code == 302
    Membership.objects.filter(user=teammate).update(role=Role.VIEWER)
    assert api_client(teammate).get(path).status_code == 200
    assert api_client(teammate).get("/evaluations/new/").status_code == 403
    assert "New evaluation" not in page(api_client(teammate), "/evaluations/")
