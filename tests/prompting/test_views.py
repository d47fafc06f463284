"""The page and the dialog's inside: prefilled from a failed turn, used by revision, searched with written cases."""

import pytest

from flowbuilder.prompting import searching
from flowbuilder.prompting.models import PromptSearch
from flowbuilder.runs.models import Run
from tests.prompting.conftest import BAD

pytestmark = pytest.mark.django_db(transaction=True)
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
WHERE = {"node": "prompt", "setting": "template"}
WRITTEN = "\n".join(f"Where is parcel {n}? => In bay {n}." for n in range(8))


@pytest.fixture
def client(api_client, owner):
    return api_client(owner)


@pytest.fixture
def path(flow):
    return f"/flows/{flow.pk}/prompts/"


def test_the_first_prompt_is_shown_and_the_dialog_has_no_page_around_it(client, path):
    assert BAD in client.get(path).content.decode()
    inside = client.get(path, WHERE, headers=PARTIAL).content.decode()
    assert BAD in inside and "<html" not in inside


def test_a_turn_that_went_wrong_is_prefilled(client, path, flow):
    failed = {"inputs": {"question": "Where is PX-1?"}, "reply": "", "error": "The model is away."}
    run = Run.objects.create(workspace=flow.workspace, flow=flow, graph=flow.graph, **failed)
    page = client.get(path, {**WHERE, "run": str(run.pk)}).content.decode()
    assert "Where is PX-1?</textarea>" in page and "The model is away.</textarea>" in page


def test_a_run_of_others_prefills_nothing(client, path, flow, stranger):
    theirs = stranger.memberships.get().workspace
    other = type(flow).objects.create(workspace=theirs, name="x", slug="x")
    run = Run.objects.create(workspace=theirs, flow=other, graph={}, inputs={"question": "secret heron"})
    assert "heron" not in client.get(path, {"run": str(run.pk)}).content.decode()


def test_used_it_stands_in_the_draft(client, path, flow):
    answer = client.post(
        f"{path}use/", {**WHERE, "text": "Be kind. {{ question }}", "revision": flow.revision}
    )
    flow.refresh_from_db()
    assert answer.url == f"/flows/{flow.pk}/" and flow.revision == 2
    assert flow.graph["nodes"][1]["settings"]["template"] == "Be kind. {{ question }}"


def test_where_somebody_saved_since_nothing_is_lost(client, path, flow):
    type(flow).objects.update(revision=7)
    answer = client.post(f"{path}use/", {**WHERE, "text": "Be kind. {{ question }}", "revision": 1})
    page = answer.content.decode()
    flow.refresh_from_db()
    assert answer.status_code == 409 and "Be kind. {{ question }}</textarea>" in page and 'value="7"' in page
    assert flow.graph["nodes"][1]["settings"]["template"] == BAD


def test_a_prompt_that_lost_a_placeholder_is_not_used(client, path, flow):
    answer = client.post(f"{path}use/", {**WHERE, "text": "Be kind.", "revision": 1})
    assert answer.status_code == 422 and "has lost {{ question }}" in answer.content.decode()


def test_a_search_with_written_cases_shows_its_scores(client, path, flow, says):
    says(lambda prompt: "no" if "Answer." in prompt else f"In bay {prompt.rsplit('parcel ', 1)[-1][0]}.")
    form = {**WHERE, "written": WRITTEN, "measure": "agreement", "answers": 150, "model": "rules"}
    began = client.post(f"{path}searches/", form, headers=PARTIAL).content.decode()
    made = PromptSearch.objects.get()
    assert "every 1s" in began and len(made.cases) == 8
    searching.search(str(made.pk))
    page = client.get(f"{path}searches/{made.pk}/").content.decode()
    assert "every 1s" not in page and "1.00" in page and "held-out" in page and "Use the best one" in page
    assert "1.00" in client.get(path).content.decode()


@pytest.mark.parametrize(
    ("written", "about"),
    [
        ("no arrow", "Line 1"),
        ('a => b\n{"question": "x", "checks": [{"kind": "schema", "value": "{"}]}', "Line 2"),
        ("a => b", "two cases"),
    ],
)
def test_a_line_that_is_no_case_is_named(client, path, written, about):
    form = {**WHERE, "written": written, "measure": "exact", "answers": 20}
    answer = client.post(f"{path}searches/", form, headers=PARTIAL)
    assert answer.status_code == 422 and about in answer.content.decode()


def test_a_search_is_stopped_from_the_page(client, path, flow):
    form = {**WHERE, "written": WRITTEN, "measure": "exact", "answers": 20}
    client.post(f"{path}searches/", form, headers=PARTIAL)
    made = PromptSearch.objects.get()
    page = client.post(f"{path}searches/{made.pk}/cancellation/", headers=PARTIAL).content.decode()
    assert 'data-status="cancelled"' in page


def test_a_flow_without_a_prompt_says_so(client, path, flow):
    type(flow).objects.update(graph={"nodes": [], "wires": [], "notes": []})
    assert "no prompt yet" in client.get(path).content.decode()
