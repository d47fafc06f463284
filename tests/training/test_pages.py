"""The pages of training and of models, and their API: each asker gets the right answer."""

import pytest

from flowbuilder.accounts.models import Membership, Role
from flowbuilder.modelhub.models import Model
from flowbuilder.training import services
from flowbuilder.training.curves import curves
from flowbuilder.training.models import Job, JobMetric, JobSample

pytestmark = pytest.mark.django_db
ORDER = {
    "recipe": "grpo",
    "model": "starter",
    "settings": {"steps": 3},
    "data": {"prompts": [{"prompt": "Say 1."}], "rewards": [{"kind": "length", "most": 5}]},
}


@pytest.fixture
def job(workspace):
    job = services.start_job(workspace_id=workspace.pk, **ORDER)
    JobMetric.objects.create(job=job, step=1, values={"reward": 0.25, "loss": 2.0})
    JobMetric.objects.create(job=job, step=2, values={"reward": 0.5, "loss": 1.0})
    JobSample.objects.create(job=job, step=2, prompt="Say 1.", answer="<b>1</b>", reward=0.5)
    return job


def test_the_job_s_page_shows_curves_and_samples(api_client, owner, job):
    page = api_client(owner).get(f"/training/{job.pk}/").content.decode()
    assert "reward between 0.25 and 0.5, now 0.5" in page
    assert "&lt;b&gt;1&lt;/b&gt;" in page and "Stop" in page


def test_htmx_gets_the_live_part_alone(api_client, owner, job):
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    part = api_client(owner).get(f"/training/{job.pk}/", headers=headers).content.decode()
    assert part.lstrip().startswith('<div id="live"') and "every 1s" in part


def test_an_ended_job_is_not_asked_for_again(api_client, owner, job):
    services.cancel_job(job)
    page = api_client(owner).get(f"/training/{job.pk}/").content.decode()
    assert "every 1s" not in page and "Go on from the last checkpoint" in page


def test_stopping_and_going_on_by_the_page(api_client, owner, job):
    client = api_client(owner)
    assert client.post(f"/training/{job.pk}/cancellation/").status_code == 302
    assert Job.objects.get().status == "cancelled"
    client.post(f"/training/{job.pk}/resumption/")
    assert Job.objects.get().status == "queued"
    refused = client.post(f"/training/{job.pk}/resumption/")
    assert refused.status_code == 409 and "Only a paused, failed or cancelled job" in refused.content.decode()


PAGES = ["/training/", "/models/"]
ACTIONS = ["cancellation", "resumption"]


@pytest.mark.parametrize("page", PAGES)
def test_nobody_is_sent_to_sign_in(api_client, page):
    assert "/accounts/sign-in" in api_client(None).get(page).url


def test_a_stranger_sees_nothing_of_it(api_client, stranger, job):
    client = api_client(stranger)
    assert str(job.pk) not in client.get("/training/").content.decode()
    assert client.get(f"/training/{job.pk}/").status_code == 404
    assert [client.post(f"/training/{job.pk}/{action}/").status_code for action in ACTIONS] == [404, 404]
    assert client.get(f"/api/jobs/{job.pk}").status_code == 404
    assert client.post(f"/api/jobs/{job.pk}/cancellation").status_code == 404
    assert Job.objects.get().status == "queued"


def test_a_viewer_looks_and_changes_nothing(api_client, teammate, job):
    Membership.objects.filter(user=teammate).update(role=Role.VIEWER)
    client = api_client(teammate)
    assert "Stop" not in client.get(f"/training/{job.pk}/").content.decode()
    assert [client.post(f"/training/{job.pk}/{action}/").status_code for action in ACTIONS] == [403, 403]
    assert client.post("/api/jobs", ORDER, content_type="application/json").status_code == 403
    assert client.post("/models/", {"source": "hub", "location": "a/b", "name": "c"}).status_code == 403


def test_a_teammate_trains_and_cancels_over_http(api_client, teammate):
    client = api_client(teammate)
    row = client.post("/api/jobs", ORDER, content_type="application/json").json()
    assert (row["status"], row["base"], row["steps"]) == ("queued", "starter@1", 3)
    assert client.post(f"/api/jobs/{row['id']}/cancellation").json()["status"] == "cancelled"


def test_figures_are_asked_for_from_a_step_on(api_client, owner, job):
    shown = api_client(owner).get(f"/api/jobs/{job.pk}?after=1").json()
    assert [row["step"] for row in shown["metrics"]] == [2] and shown["samples"][0]["answer"] == "<b>1</b>"


def test_a_model_is_added_and_its_failure_shown_on_the_page(api_client, owner, workspace):
    client = api_client(owner)
    client.post("/models/", {"source": "folder", "location": "nope", "name": "mine"})
    version = Model.objects.get(workspace=workspace, name="mine").versions.get()
    assert "being added" in client.get("/models/").content.decode()
    version.status, version.error = "failed", "There is no folder 'nope'"
    version.save()
    assert "There is no folder &#x27;nope&#x27;" in client.get("/models/").content.decode()


def test_a_bad_name_keeps_what_was_typed(api_client, owner):
    answer = api_client(owner).post("/models/", {"source": "hub", "location": "org/x", "name": "No way"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "cannot name a model" in page and 'value="org/x"' in page


def test_to_promote_is_one_click_and_the_shipped_model_stays(api_client, owner, workspace, job):
    version = job.base
    client = api_client(owner)
    assert (
        "“starter:production” is now “starter@1”."
        in client.post(f"/models/versions/{version.pk}/promotion/", follow=True).content.decode()
    )
    assert (
        "cannot be removed"
        in client.post(f"/models/versions/{version.pk}/deletion/", follow=True).content.decode()
    )


def test_a_curve_fills_its_box_and_long_ones_are_thinned():
    (curve,) = curves([(1, {"loss": 2.0}), (3, {"loss": 0.0})])
    assert (curve.points, curve.low, curve.last) == ("0.0,0.0 300.0,90.0", "0", "0")
    (flat,) = curves([(1, {"kl": 1.0}), (2, {"kl": 1.0})])
    assert flat.points == "0.0,45.0 300.0,45.0"
    (long,) = curves([(step, {"loss": step}) for step in range(5000)])
    assert len(long.points.split()) <= 400 and long.points.endswith(",0.0")


def test_what_matters_most_comes_first():
    assert [c.name for c in curves([(1, {"zeta": 1, "kl": 1, "reward": 1})])] == ["reward", "kl", "zeta"]
