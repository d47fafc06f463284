"""The gate: what passes, what does not and why, what has to be asked at all, and that promotion heeds it."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import AuditEvent
from flowbuilder.evaluation import gates, services
from flowbuilder.evaluation.models import Evaluation, Gate
from flowbuilder.evaluation.promotion import NodePromotion
from flowbuilder.modelhub import registry
from flowbuilder.modelhub.models import Kind, Model, ModelVersion, Source
from nodes.base import NodeError
from tests.evaluation.conftest import BETTER, SAFE, row, safety_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def starter(workspace) -> Model:
    return Model.objects.get(workspace=workspace, name="starter")


def failing(evaluation: Evaluation) -> set[str]:
    return {check.name for check in gates.verdict(evaluation).checks if check.passed is False}


def test_a_better_version_passes(evaluation, trained):
    verdict = gates.verdict(evaluation)
    assert verdict.passed and verdict.refusals == [] == gates.refusals_of(trained)
    told = {check.name: check for check in verdict.checks}
    assert told["the change in perplexity"].passed is None  # no references were read
    assert told["the number of prompts"].value == "24"


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ([*BETTER[:10], *SAFE], "the number of prompts"),
        ([row(n, 0.5, 0.5) for n in range(24)] + SAFE, "the win rate by rewards"),
        ([row(n, 0.9, 0.2) for n in range(24)] + SAFE, "prompts answered worse"),
        ([row(n, 0.9, 0.2) for n in range(24)] + SAFE, "the change in reward"),
        ([*BETTER, safety_row(24, "hate-en-1", 1, 0)], "the change in TAST"),
        (BETTER, "the change in TAST"),
    ],
)
def test_what_is_wanting_is_named(order, finish, rows, name):
    evaluation = finish(order(), rows)
    assert name in failing(evaluation)
    assert any(name in refusal and "wanted is" in refusal for refusal in gates.verdict(evaluation).refusals)


def changed(finish, order, **figures):
    evaluation = finish(order())
    for figure in evaluation.report["figures"]:
        figure.update(figures.get(figure["name"].replace(" ", "_"), {}))
    new = figures.get("perplexity")
    if new:
        evaluation.report["figures"].append({"name": "perplexity", **new})
    evaluation.save()
    return evaluation


def test_schema_and_perplexity(order, finish):
    evaluation = changed(finish, order, schema_validity={"difference": -0.02})
    assert failing(evaluation) == {"the change in schema validity"}
    fine = changed(finish, order, perplexity={"before": 10.0, "after": 10.9, "difference": 0.9})
    assert failing(fine) == set()
    assert failing(changed(finish, order, perplexity={"before": 10, "after": 12, "difference": 2})) == {
        "the change in perplexity"
    }


def test_an_empty_threshold_asks_for_nothing(order, finish, starter):
    empty = dict.fromkeys(
        ("win_rate", "reward_drop", "tast_drop", "worse_share", "least_prompts", "schema_drop"), None
    )
    Gate.objects.create(model=starter, **empty)
    assert gates.verdict(finish(order(), [row(0, 1, 0)])).passed


def test_an_old_evaluation_does_not_count(evaluation):
    Evaluation.objects.update(measured_at=timezone.now() - timedelta(days=31))
    evaluation.refresh_from_db()
    assert failing(evaluation) == {"the evaluation's age"}


def test_it_must_be_measured_against_what_is_in_production(asker, evaluation, starter, trained):
    third = ModelVersion.objects.create(
        workspace=starter.workspace, model=starter, number=3, source=Source.FOLDER
    )
    registry.set_alias(model=starter, name="production", number=third.number, asker=asker)
    assert failing(evaluation) == {"the old version"}
    (why,) = gates.refusals_of(trained)
    assert why == "the old version is starter@1, wanted is what is in production, starter@3"


def test_a_reward_model_that_guesses_tells_nothing(workspace, order, finish):
    model = Model.objects.create(workspace=workspace, name="taste")
    figures = {"accuracy": 0.55, "held_out_pairs": 40.0}
    taste = ModelVersion.objects.create(
        workspace=workspace, model=model, number=1, kind=Kind.REWARD, source=Source.JOB, metrics=figures
    )
    evaluation = finish(order(), reward_model="taste@1")
    assert failing(evaluation) == {"the reward model's accuracy"}
    assert "near chance" in gates.refusals_of(taste)[0]
    taste.metrics = {"accuracy": 0.8, "held_out_pairs": 40.0}
    taste.save()
    assert failing(evaluation) == set() and gates.refusals_of(taste) == []


def test_whose_win_rate_counts(evaluation, starter):
    report = evaluation.found
    few = report.wins[0].model_copy(update={"by": "people", "losses": 3, "wins": 0, "ties": 0})
    many = few.model_copy(update={"losses": 10})
    assert gates.counted(Gate(), report.model_copy(update={"wins": (few, *report.wins)})).by == "rewards"
    assert gates.counted(Gate(), report.model_copy(update={"wins": (many, *report.wins)})).by == "people"
    Gate.objects.create(model=starter, win_rate_by="judge")
    assert failing(evaluation) == {"the win rate by judge"}


def test_who_needs_no_evaluation(workspace, starter, trained):
    assert gates.refusals_of(starter.versions.get(number=1)) == []
    assert "was never evaluated" in gates.refusals_of(trained)[0]
    Gate.objects.create(model=starter)
    assert "was never evaluated" in gates.refusals_of(starter.versions.get(number=1))[0]


def test_promotion_needs_the_gate_or_a_reason(asker, starter, trained, order, finish):
    def promote(**fields):
        return registry.set_alias(model=starter, name="production", number=2, asker=asker, **fields)

    with pytest.raises(ApiError, match="'starter@2' was never evaluated"):
        promote()
    bad = finish(order(), [row(n, 0.9, 0.2) for n in range(24)] + SAFE)
    with pytest.raises(ApiError, match="the win rate by rewards is 0%"):
        promote()
    assert bad.after == trained
    finish(order())  # a later one that passes
    assert promote().version == trained


def test_a_written_reason_is_kept(asker, starter, trained):
    reason = "The customer cannot wait for an evaluation."
    registry.set_alias(model=starter, name="production", number=2, asker=asker, reason=reason)
    event = AuditEvent.objects.get(action="alias.moved")
    assert event.details["reason"] == reason and "never evaluated" in event.details["refusals"][0]


def test_a_node_asks_the_gate_and_promotes(workspace, evaluation, starter, trained):
    promotion = NodePromotion(workspace.pk, workspace.pk)
    assert async_to_sync(promotion.refusals)(str(evaluation.job_id), "starter@2") == []
    async_to_sync(promotion.promote)("starter@2", "production")
    assert registry.resolve(workspace.pk, "starter") == trained
    event = AuditEvent.objects.get(action="gate.promoted")
    assert event.subject == "starter@2" and event.details["run"] == str(workspace.pk)
    for job in (str(workspace.pk), "nonsense"):
        with pytest.raises(NodeError, match="no such evaluation"):
            async_to_sync(promotion.refusals)(job, "starter@2")


def test_a_node_gets_no_version_past_a_closed_gate(workspace, trained):
    with pytest.raises(NodeError, match="never evaluated"):
        async_to_sync(NodePromotion(workspace.pk, workspace.pk).promote)("starter@2", "production")


def test_the_page_shows_changes_and_resets_the_gate(api_client, owner, teammate, starter, evaluation):
    client, path = api_client(owner), "/evaluations/gates/starter/"
    shown = client.get(path).content.decode()
    assert 'data-ref="starter@2"' in shown and "May pass" in shown and "These are the defaults" in shown
    assert client.post(path, {"win_rate": "1.5"}).status_code == 422 and not Gate.objects.exists()
    assert client.post(path, {"win_rate": "0.99", "least_prompts": ""}).status_code == 302
    gate = Gate.objects.get()
    assert (gate.win_rate, gate.least_prompts, gate.against_production) == (0.99, None, False)
    assert "Refused" in client.get(path).content.decode()
    assert AuditEvent.objects.get(action="gate.set").details["win_rate"] == 0.99
    client.post(path, {"do": "reset"})
    assert not Gate.objects.exists() and AuditEvent.objects.filter(action="gate.reset").exists()


def test_the_gate_over_http(api_client, owner, stranger, trained, evaluation):
    client = api_client(owner)
    assert client.get("/api/models/starter/gate").json()["own"] is False
    sent = {"win_rate": 0.99, "tast_drop": None}
    told = client.put("/api/models/starter/gate", sent, content_type="application/json").json()
    assert (told["own"], told["win_rate"], told["tast_drop"], told["least_prompts"]) == (True, 0.99, None, 20)
    verdict = client.get(f"/api/models/{trained.pk}/verdict").json()
    assert "the win rate by rewards" in verdict["refusals"][0] and verdict["evaluation"] == str(evaluation.pk)
    again = client.put("/api/models/starter/gate", {"win_rate": 3}, content_type="application/json")
    assert again.status_code == 422
    assert client.delete("/api/models/starter/gate").status_code == 204
    assert client.get(f"/api/models/{trained.pk}/verdict").json()["refusals"] == []
    assert api_client(stranger).get(f"/api/models/{trained.pk}/verdict").status_code == 404


def test_a_gate_that_is_not_there_is_not_reset_again(asker, starter):
    services.set_gate(asker=asker, gate=Gate(model=starter, win_rate=0.7))
    services.reset_gate(asker=asker, model=starter)
    services.reset_gate(asker=asker, model=starter)
    assert AuditEvent.objects.filter(action="gate.reset").count() == 1
