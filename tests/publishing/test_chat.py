"""What visitors do on a public page, and what never reaches them."""

import json

import pytest
from django.conf import settings
from django.core import signing

from flowbuilder.feedback.models import Rating
from flowbuilder.flows import publication, services
from flowbuilder.publishing import doors as ways_in
from flowbuilder.publishing.models import Turn, Via
from flowbuilder.publishing.visitors import SALT
from flowbuilder.runs.models import Run, Status
from tests.publishing.conftest import Visit

pytestmark = pytest.mark.django_db


def answered(run_id: str, reply: str = "Hello, Ann!") -> Run:
    """As a worker would leave it."""
    run = Run.objects.get(pk=run_id)
    run.events.create(seq=1, type="node.started", node="prompt_1", data={"inputs": {"name": "secret"}}, at=0)
    outputs = {"outputs": {"out": reply}}
    run.events.create(seq=2, type="node.finished", node="prompt_1", data=outputs, at=0)
    run.events.create(seq=3, type="node.finished", node="reply_1", data=outputs, at=0)
    run.events.create(seq=4, type="run.finished", data={"reply": reply}, at=0)
    Run.objects.filter(pk=run_id).update(status=Status.FINISHED, reply=reply)
    return run


def test_the_page_says_what_the_owner_wrote_and_nothing_of_the_flow(asker, doors, live_flow):
    ways_in.change(asker=asker, flow=live_flow, description="Where is my parcel?", examples=["Is it late?"])
    page = Visit(doors.address).page
    text = page.content.decode()
    assert all(said in text for said in ("Ask the desk", "Where is my parcel?", "Is it late?"))
    assert not any(inner in text for inner in ("prompt_1", "Hello, ", str(live_flow.pk), live_flow.slug))
    assert "no-store" in page["Cache-Control"] and page["X-Robots-Tag"] == "noindex"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"] and page["X-Frame-Options"] == "DENY"


def test_what_is_asked_runs_the_live_version_whatever_the_draft_has_become(asker, live_flow, visit):
    services.save_draft(flow=live_flow, graph={"nodes": []}, revision=1)
    run = Run.objects.get(pk=visit.ask().json()["id"])
    assert (run.version.number, run.live, run.inputs["question"]) == (1, True, "Ann")
    publication.set_publication(asker=asker, flow=live_flow, number=2)
    assert Run.objects.get(pk=visit.ask().json()["id"]).version.number == 2
    publication.roll_back(asker=asker, flow=live_flow)
    assert Run.objects.get(pk=visit.ask().json()["id"]).version.number == 1


def test_one_visitor_is_one_session_and_two_are_two(doors, visit):
    runs = [Run.objects.get(pk=v.ask().json()["id"]) for v in (visit, visit, Visit(doors.address))]
    assert runs[0].session == runs[1].session != runs[2].session


def test_what_was_said_in_the_conversation_is_the_flow_s_history(visit):
    answered(visit.ask("Ann").json()["id"])
    answered(visit.ask("Bob", conversation="1" * 32).json()["id"])
    run = Run.objects.get(pk=visit.ask("Cid").json()["id"])
    assert run.inputs["history"] == [
        {"role": "user", "content": "Ann"},
        {"role": "assistant", "content": "Hello, Ann!"},
    ]


def test_the_same_key_is_the_same_question(visit):
    first, again = (visit.ask(**{"Idempotency-Key": "k"}).json()["id"] for _ in range(2))
    assert first == again and Turn.objects.count() == 1


def test_nobody_reads_what_another_visitor_asked(doors, visit):
    run = answered(visit.ask().json()["id"])
    other = Visit(doors.address)
    for method, path, body in [
        ("get", f"/{run.pk}", None),
        ("get", f"/{run.pk}/events", None),
        ("post", f"/{run.pk}/cancellation", None),
        ("put", f"/{run.pk}/rating", {"up": True}),
    ]:
        assert other.send(method, path, body).status_code == 404, path
        assert visit.send(method, path, body).status_code < 300, path


@pytest.mark.parametrize(
    "passed",
    ["", "guess", "x:y:z", signing.dumps({"visitor": "1"}, salt="other")],
    ids=["none", "guessed", "of the form", "signed for something else"],
)
def test_a_pass_that_is_none_of_ours(visit, passed):
    visit.passed = passed
    assert visit.ask().status_code == 401 and not Run.objects.exists()


def test_a_pass_opens_one_page_only(asker, visit):
    other = services.create_flow(asker=asker, name="Other", template="hello")
    services.publish_version(asker=asker, flow=other)
    publication.set_publication(asker=asker, flow=other, number=1)
    visit.api = f"/api/chat/{ways_in.change(asker=asker, flow=other, page=True).address}/questions"
    assert visit.ask().status_code == 401


@pytest.mark.parametrize("closing", ["offline", "page", "address"])
def test_what_is_closed_answers_nobody_from_then_on(asker, doors, live_flow, visit, closing):
    run = answered(visit.ask().json()["id"])
    if closing == "offline":
        publication.set_publication(asker=asker, flow=live_flow, number=None)
    else:
        ways_in.change(asker=asker, flow=live_flow, **{closing: False if closing == "page" else ""})
    assert visit.ask().status_code == 404
    assert visit.send("get", f"/{run.pk}").status_code == 404
    assert visit.client.get(f"/chat/{doors.address}/").status_code == 404


def test_a_reply_is_shown_as_markdown_and_never_as_html(visit):
    run = answered(visit.ask().json()["id"], "**Hi** <img src=x onerror=alert(1)> [x](javascript:alert(1))")
    told = visit.send("get", f"/{run.pk}").json()
    assert "<strong>Hi</strong>" in told["html"]
    assert "<img" not in told["html"] and 'href="javascript' not in told["html"]


def test_a_record_is_shown_as_code(visit):
    run = answered(visit.ask().json()["id"], '{"parcel_id": "PX-1"}')
    assert "<pre><code" in visit.send("get", f"/{run.pk}").json()["html"]


def test_a_failure_says_nothing_of_our_insides(visit):
    run = Run.objects.get(pk=visit.ask().json()["id"])
    error = "Node 'prompt_1': no template"
    Run.objects.filter(pk=run.pk).update(status=Status.FAILED, error=error, error_node="prompt_1")
    said = visit.send("get", f"/{run.pk}").content.decode()
    assert "went wrong" in said and "prompt" not in said


def test_a_live_version_that_cannot_run_any_more_is_told_in_general_words(live_flow, visit):
    broken = {"nodes": [{"id": "secret_1", "type": "gone.node"}], "wires": []}
    type(live_flow.published_version).objects.update(graph=broken)
    answer = visit.ask()
    assert answer.status_code == 503 and "secret_1" not in answer.content.decode()


def test_asking_too_fast_says_when_to_come_back(asker, live_flow, visit):
    ways_in.change(asker=asker, flow=live_flow, visitor_rate=2)
    assert [visit.ask().status_code for _ in range(3)] == [202, 202, 429]
    refused = visit.ask()
    assert (
        1 <= int(refused["Retry-After"]) <= 60
        and refused["Retry-After"] in refused.json()["error"]["message"]
    )


def test_a_new_pass_does_not_help_for_long(asker, doors, live_flow):
    ways_in.change(asker=asker, flow=live_flow, visitor_rate=1)
    assert [Visit(doors.address).ask().status_code for _ in range(6)] == [202] * 5 + [429]


def test_all_visitors_together_are_bounded(asker, doors, live_flow):
    ways_in.change(asker=asker, flow=live_flow, flow_rate=2)
    assert [Visit(doors.address).ask().status_code for _ in range(3)] == [202, 202, 429]


def test_without_redis_it_says_so(visit, monkeypatch):
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    answer = visit.ask()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


@pytest.mark.parametrize("question", ["", "   ", "x" * 8001])
def test_what_is_no_question_is_refused(visit, question):
    assert visit.ask(question).status_code == 422


def test_a_body_has_a_limit(visit):
    body = json.dumps({"question": "x", "conversation": "0" * 32, "more": "x" * 70_000})
    answer = visit.client.post(
        visit.api, body, content_type="application/json", headers={"X-Visitor": visit.passed}
    )
    assert answer.status_code == 413


def test_what_a_visitor_thinks_is_nobody_s_rating(asker, visit):
    run = answered(visit.ask().json()["id"])
    visit.send("put", f"/{run.pk}/rating", {"up": True})
    correction = {"up": False, "reason": "form", "correction": "Good morning, Ann!"}
    assert visit.send("put", f"/{run.pk}/rating", correction).status_code == 204
    rating = Rating.objects.visible_to(asker).get()
    assert (rating.kind, rating.person, rating.correction) == ("correction", None, "Good morning, Ann!")


def test_a_page_may_take_no_feedback(asker, live_flow, visit):
    run = answered(visit.ask().json()["id"])
    ways_in.change(asker=asker, flow=live_flow, feedback=False)
    assert visit.send("put", f"/{run.pk}/rating", {"up": True}).status_code == 403


SITE = "https://shop.example"


@pytest.fixture
def embedded(asker, doors, live_flow):
    ways_in.change(asker=asker, flow=live_flow, page=False, embed=True, sites=[SITE])
    return Visit(doors.address, frame=SITE)


def test_the_frame_is_shown_by_listed_sites_only(embedded, asker, doors, live_flow):
    policy = embedded.page["Content-Security-Policy"]
    assert f"frame-ancestors {SITE};" in f"{policy};" and "X-Frame-Options" not in embedded.page
    ways_in.change(asker=asker, flow=live_flow, sites=[])
    assert "frame-ancestors 'none'" in Visit(doors.address, frame=SITE).page["Content-Security-Policy"]
    ways_in.change(asker=asker, flow=live_flow, any_site=True)
    assert "frame-ancestors *" in Visit(doors.address, frame=SITE).page["Content-Security-Policy"]


def test_page_and_widget_are_two_doors(embedded, doors):
    assert embedded.client.get(f"/chat/{doors.address}/").status_code == 404
    run = answered(embedded.ask().json()["id"])
    assert (run.turn.via, run.turn.site) == (Via.EMBED, SITE)


def test_a_site_that_is_taken_off_the_list_is_refused_though_its_frame_is_open(embedded, asker, live_flow):
    assert embedded.ask().status_code == 202
    ways_in.change(asker=asker, flow=live_flow, sites=["https://other.example"])
    assert embedded.ask().status_code == 404


def test_a_widget_looks_as_it_is_asked_to_and_takes_nothing_else(embedded, doors):
    look = "colour=%230a7&ink=%23000&theme=dark&title=Hi%3Cb%3E&mode=popup"
    text = embedded.client.get(f"/chat/{doors.address}/frame/?{look}").content.decode()
    assert 'data-theme="night"' in text and "--color-primary: #0a7" in text and "Hi&lt;b&gt;" in text
    strange = embedded.client.get(f"/chat/{doors.address}/frame/?colour=red;x:url(//evil)&theme=x")
    assert "evil" not in strange.content.decode() and "data-theme" not in strange.content.decode()


def test_a_pass_lasts_ninety_days(visit, monkeypatch):
    monkeypatch.setattr("flowbuilder.publishing.visitors.PASS_SECONDS", -1)
    assert visit.ask().status_code == 401
    assert signing.loads(visit.passed, salt=SALT)["via"] == "page"
