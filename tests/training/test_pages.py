"""The pages of training and of models, and their API: each asker gets the right answer."""

import pytest

from flowbuilder.accounts.models import Membership, Role
from flowbuilder.modelhub.models import Model
from flowbuilder.training import services
from flowbuilder.training.models import Job, JobAlarm, JobMetric, JobSample
from flowbuilder.training.queue import take_next

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
    assert part.lstrip().startswith('<div id="live"') and "every 2s" in part


def test_an_ended_job_is_not_asked_for_again(api_client, owner, job):
    services.cancel_job(job)
    page = api_client(owner).get(f"/training/{job.pk}/").content.decode()
    assert "every 2s" not in page and "Go on from the last checkpoint" in page


def test_stopping_and_going_on_by_the_page(api_client, owner, job):
    client = api_client(owner)
    assert client.post(f"/training/{job.pk}/cancellation/").status_code == 302
    assert Job.objects.get().status == "cancelled"
    client.post(f"/training/{job.pk}/resumption/")
    assert Job.objects.get().status == "queued"
    refused = client.post(f"/training/{job.pk}/resumption/")
    assert refused.status_code == 409 and "Only a paused, failed or cancelled job" in refused.content.decode()


def test_pausing_and_going_on_by_the_page(api_client, owner, job):
    client = api_client(owner)
    client.post(f"/training/{job.pk}/pause/")
    page = client.get(f"/training/{job.pk}/").content.decode()
    assert "Paused" in page and "Go on from the last checkpoint" in page and "every 2s" not in page
    assert client.post(f"/training/{job.pk}/pause/").status_code == 409
    client.post(f"/training/{job.pk}/resumption/")
    assert Job.objects.get().status == "queued"


def test_a_waiting_job_is_moved_in_the_queue(api_client, owner, workspace, job):
    newer = services.start_job(workspace_id=workspace.pk, **ORDER)
    client = api_client(owner)
    assert "number 2 in the queue" in client.get(f"/training/{newer.pk}/").content.decode()
    client.post(f"/training/{newer.pk}/priority/", {"priority": "7"})
    assert "number 1 in the queue" in client.get(f"/training/{newer.pk}/").content.decode()
    refused = client.post(f"/training/{newer.pk}/priority/", {"priority": "lots"})
    assert refused.status_code == 422 and "whole number from -100 to 100" in refused.content.decode()
    body = {"priority": -3}
    row = api_client(owner).patch(f"/api/jobs/{newer.pk}", body, content_type="application/json").json()
    assert (row["priority"], row["position"]) == (-3, 2)


def test_alarms_stand_above_and_on_the_curves(api_client, owner, job):
    JobAlarm.objects.create(job=job, step=2, kind="kl_blow_up", message="The policy is far away.")
    page = api_client(owner).get(f"/training/{job.pk}/").content.decode()
    assert "Step 2:</strong> The policy is far away." in page
    assert "<title>The policy is far away.</title>" in page
    told = api_client(owner).get(f"/api/jobs/{job.pk}/alarms").json()
    assert told == [{"step": 2, "kind": "kl_blow_up", "message": "The policy is far away."}]


def test_each_prompt_has_a_card_with_its_history(api_client, owner, job):
    for step in range(3, 203):
        JobSample.objects.create(job=job, step=step, prompt="Say 1.", answer=f"it is {step}", reward=None)
    page = api_client(owner).get(f"/training/{job.pk}/").content.decode()
    assert page.count('data-testid="prompt"') == 1 and "it is 202" in page
    assert 20 <= page.count("data-answer=") <= 42 and page.count("hidden>") >= 19
    told = api_client(owner).get(f"/api/jobs/{job.pk}/samples", {"number": 0, "after": 200}).json()
    assert [row["step"] for row in told] == [201, 202]


def test_curves_are_smoothed_on_request_and_stay_so(api_client, owner, job):
    page = api_client(owner).get(f"/training/{job.pk}/?smoothing=0.9").content.decode()
    assert f'hx-get="/training/{job.pk}/?smoothing=0.9"' in page and page.count("<polyline") == 4
    assert (
        api_client(owner).get(f"/training/{job.pk}/?smoothing=lots").content.decode().count("<polyline") == 2
    )


def test_the_log_is_shown_and_given_without_places_and_secrets(api_client, owner, job):
    job.folder.mkdir(parents=True, exist_ok=True)
    (job.folder / "log").write_text(f"Saved {job.folder}/work/checkpoint-1 with hf_AbCdEfGhIjK <b>\n")
    page = api_client(owner).get(f"/training/{job.pk}/log/").content.decode()
    given = api_client(owner).get(f"/api/jobs/{job.pk}/log")
    assert "Saved …/checkpoint-1 with [hidden] &lt;b&gt;" in page
    assert given.content.decode() == "Saved …/checkpoint-1 with [hidden] <b>\n"
    assert given["Content-Disposition"].startswith("attachment") and "text/plain" in given["Content-Type"]


def test_jobs_are_compared_on_a_page(api_client, owner, workspace, job):
    other = services.start_job(workspace_id=workspace.pk, **{**ORDER, "settings": {"steps": 3, "kl": 0.5}})
    JobMetric.objects.create(job=other, step=1, values={"reward": 0.75})
    client = api_client(owner)
    page = client.get("/training/comparison/", {"job": [job.pk, other.pk]}).content.decode()
    assert "A GRPO of starter@1" in page and "B GRPO of starter@1" in page
    assert "line-1" in page and "0.75" in page and "<td" in page
    assert client.get("/training/comparison/").status_code == 200
    assert client.get("/training/comparison/", {"job": [job.pk]}).status_code == 422


def test_what_an_order_would_need_is_told_over_http(api_client, owner, workspace):
    client = api_client(owner)
    told = client.post("/api/jobs/estimate", ORDER, content_type="application/json").json()
    assert (
        told["fits"] and told["estimate"]["needed"] < told["room"] and len(told["estimate"]["seconds"]) == 2
    )
    assert not Job.objects.exists()


def test_devices_are_told_and_whose_job_they_train_only_to_its_own(api_client, owner, stranger, job):
    take_next()
    (own,), (others,) = (api_client(user).get("/api/devices").json() for user in (owner, stranger))
    assert (own["busy"], own["job"]) == (True, str(job.pk)) and (others["busy"], others["job"]) == (
        True,
        None,
    )


PAGES = ["/training/", "/models/", "/training/new/", "/training/comparison/"]
ACTIONS = ["cancellation", "resumption", "pause", "priority"]


@pytest.mark.parametrize("page", PAGES)
def test_nobody_is_sent_to_sign_in(api_client, page):
    assert "/accounts/sign-in" in api_client(None).get(page).url


def test_a_stranger_sees_nothing_of_it(api_client, stranger, job):
    client = api_client(stranger)
    assert str(job.pk) not in client.get("/training/").content.decode()
    assert client.get(f"/training/{job.pk}/").status_code == 404
    assert [client.post(f"/training/{job.pk}/{action}/").status_code for action in ACTIONS] == [404] * 4
    assert client.get(f"/api/jobs/{job.pk}").status_code == 404
    assert client.post(f"/api/jobs/{job.pk}/cancellation").status_code == 404
    assert Job.objects.get().status == "queued"


def test_a_viewer_looks_and_changes_nothing(api_client, teammate, job):
    Membership.objects.filter(user=teammate).update(role=Role.VIEWER)
    client = api_client(teammate)
    assert "Stop" not in client.get(f"/training/{job.pk}/").content.decode()
    assert [client.post(f"/training/{job.pk}/{action}/").status_code for action in ACTIONS] == [403] * 4
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
