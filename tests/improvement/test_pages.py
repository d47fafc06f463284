"""The page and its API before anything is trained: each asker gets the right answer."""

import pytest

from flowbuilder.improvement.models import Improvement
from flowbuilder.improvement.plan import LEAST_PAIRS

pytestmark = pytest.mark.django_db


def test_the_page_says_what_is_missing_and_offers_no_start(api_client, owner, flow):
    page = api_client(owner).get(f"/improvement/flows/{flow.pk}/").content.decode()
    assert f"There are 0 pairs of a better and a worse answer, and {LEAST_PAIRS} are needed." in page
    assert page.count("disabled") == 2


def test_pressing_all_the_same_is_refused_with_the_reason(api_client, owner, flow):
    answer = api_client(owner).post(
        f"/improvement/flows/{flow.pk}/", {"recipe": "grpo", "effort": "quick", "start": "1"}
    )
    assert answer.status_code == 409 and "are needed" in answer.content.decode()
    assert not Improvement.objects.exists()


def test_the_choices_change_the_plan(api_client, owner, flow, rate):
    rate(LEAST_PAIRS)
    client = api_client(owner)
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = client.get(f"/improvement/flows/{flow.pk}/?recipe=dpo&effort=quick", headers=headers)
    part = answer.content.decode()
    assert part.lstrip().startswith('<section id="plan"')
    assert "Learn from choices" in part and "40 steps" in part and "disabled" not in part


def test_a_choice_that_is_none_is_refused(api_client, owner, flow, rate):
    rate(LEAST_PAIRS)
    answer = api_client(owner).post(f"/improvement/flows/{flow.pk}/", {"recipe": "magic", "effort": "quick"})
    assert answer.status_code == 422 and not Improvement.objects.exists()


def test_the_plan_over_http(api_client, owner, flow, rate):
    rate(LEAST_PAIRS)
    told = api_client(owner).get(f"/api/flows/{flow.pk}/improvement?recipe=rloo").json()
    assert told["model"] == "starter@1" and told["missing"] == []
    assert told["feedback"]["pairs"] == LEAST_PAIRS
    assert [step["kind"] for step in told["steps"]] == ["reward_model", "practice"]
    assert told["steps"][1]["settings"]["recipe"] == "rloo"


def test_over_http_too_little_feedback_is_a_conflict(api_client, owner, flow):
    answer = api_client(owner).post(
        f"/api/flows/{flow.pk}/improvements", data="{}", content_type="application/json"
    )
    assert answer.status_code == 409 and answer.json()["error"]["details"]
