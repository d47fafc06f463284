"""A search in a worker: it answers for real, goes on after a kill, stops when asked, and says what it measured."""

import pytest
from django.utils import timezone

from flowbuilder import leases
from flowbuilder.accounts.errors import ApiError
from flowbuilder.prompting import ordering, searching
from flowbuilder.prompting.cases import Case
from flowbuilder.prompting.models import PromptSearch, SearchStatus
from flowbuilder.prompting.ordering import Plan
from nodes.base import NodeError, Retryable
from tests.prompting.conftest import BAD, CASES, graph_of

pytestmark = pytest.mark.django_db(transaction=True)


def knowing(prompt: str) -> str:
    """Answers right where the prompt does not say "Answer."."""
    number = prompt.rsplit("parcel ", 1)[-1].split("?")[0]
    return "I do not know." if "Answer." in prompt else f"In bay {number}."


@pytest.fixture
def order(asker, flow):
    def make(cases=CASES, **plan):
        options = {"answers": 200, "model": "rules", **plan}
        return ordering.order(
            asker=asker, flow=flow, node="prompt", setting="template", cases=cases, plan=Plan(**options)
        )

    return make


def again(search):
    return PromptSearch.objects.get(pk=search.pk)


def test_the_best_prompt_is_kept_with_its_score_before_and_after(order, says, woken):
    says(knowing)
    made = order()
    assert woken == [made.pk]
    searching.search(str(made.pk))
    found = again(made)
    assert found.status == SearchStatus.FINISHED, found.error
    assert found.found["after"] == 1.0 > found.found["before"] and "Answer." not in found.found["best"]
    assert found.found["held_out"] == 4 and found.start == BAD


def test_chance_does_not_choose(order, flow, monkeypatch, says):
    """Models are asked at temperature 0, whatever the node's setting."""
    taken = []

    async def generate(self, model, prompt, *, sampling, **options):
        taken.append(sampling.temperature)
        yield "x"

    monkeypatch.setattr("flowbuilder.modelhub.services.NodeModels.generate", generate)
    searching.search(str(order(answers=20).pk))
    assert set(taken) == {0}


def test_a_killed_worker_s_search_goes_on_and_asks_nothing_twice(order, says, monkeypatch):
    made = order()
    asked, limit = says(knowing), 25

    def killed(self):
        if len(asked) > limit:
            raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(searching.Work, "_still", killed)
        patched.setattr(searching, "BEAT", 0.01)
        with pytest.raises(SystemExit):
            searching.search(str(made.pk))
    half = again(made)
    assert half.status == SearchStatus.RUNNING
    PromptSearch.objects.update(lease_until=timezone.now(), scores=half.scores)
    kept = {(prompt, n) for prompt, known in half.scores.items() for n in known}
    before = len(asked)
    searching.search(str(made.pk))
    finished = again(made)
    assert finished.status == SearchStatus.FINISHED and finished.lives == 2
    total = {(prompt, n) for prompt, known in finished.scores.items() for n in known}
    assert len(asked) - before == len(total - kept)


def test_a_stretch_ends_and_the_next_one_finishes(order, says, monkeypatch, woken):
    made = order()
    says(knowing)
    monkeypatch.setattr(searching, "SLICE", -1.0)
    searching.search(str(made.pk))
    assert again(made).status == SearchStatus.RUNNING and again(made).lives == 0 and woken == [made.pk] * 2
    monkeypatch.undo()


def test_who_is_asked_to_stop_stops(order, says):
    made = order()
    leases.cancel(made)
    assert again(made).status == SearchStatus.CANCELLED
    asked = says(knowing)
    searching.search(str(made.pk))
    assert not asked


def test_a_running_one_stops_and_keeps_what_it_found(order, monkeypatch, says):
    made = order()
    monkeypatch.setattr(searching, "BEAT", 0.01)

    async def generate(self, model, prompt, **options):
        PromptSearch.objects.filter(pk=made.pk)
        await __import__("asyncio").sleep(0.05)
        await PromptSearch.objects.filter(pk=made.pk).aupdate(cancel_requested=True)
        yield "x"

    monkeypatch.setattr("flowbuilder.modelhub.services.NodeModels.generate", generate)
    searching.search(str(made.pk))
    assert again(made).status == SearchStatus.CANCELLED


def test_a_worker_that_is_away_says_nothing_about_the_prompt(order, monkeypatch):
    async def generate(self, model, prompt, **options):
        raise Retryable("The line is down.")
        yield

    monkeypatch.setattr("flowbuilder.modelhub.services.NodeModels.generate", generate)
    monkeypatch.setattr("flowbuilder.engine.life.BACK_OFF", 0.001)
    made = order()
    searching.search(str(made.pk))
    found = again(made)
    assert (
        found.status == SearchStatus.RUNNING
        and "line is down" in found.error
        and not any(found.scores.values())
    )


def test_answers_that_fail_score_nothing_and_say_why(order, monkeypatch):
    async def generate(self, model, prompt, **options):
        raise NodeError("The prompt is too long.")
        yield

    monkeypatch.setattr("flowbuilder.modelhub.services.NodeModels.generate", generate)
    made = order(answers=20)
    searching.search(str(made.pk))
    found = again(made)
    assert found.status == SearchStatus.FINISHED and found.found["after"] == 0.0
    assert found.found["errors"]["start"] == "The prompt is too long."


def test_rewards_judge_where_nothing_is_expected(order, says):
    says(lambda prompt: "short" if "Answer." not in prompt else "a very long answer indeed, with many words")
    cases = [Case(question=f"Say {n}") for n in range(8)]
    made = order(cases, rewards=[{"kind": "length", "least": 1, "most": 10}])
    searching.search(str(made.pk))
    assert again(made).found["after"] > again(made).found["before"]


def test_a_model_s_proposals_are_tried_and_remembered(order, says):
    def answer(prompt):
        if "Rewrite the prompt" in prompt or "Write a new prompt" in prompt:
            return "Here is the improved prompt:\nDo it. {question}"
        return knowing(prompt) if prompt.startswith("Do it") else "no"

    says(answer)
    made = order(model="")
    searching.search(str(made.pk))
    found = again(made)
    assert found.found["best"].startswith("Do it. {{ question }}") and found.proposals[0]


@pytest.mark.parametrize(
    ("cases", "about"),
    [(CASES[:1], "two cases"), ([Case(question="a"), Case(question="b")], "expects nothing")],
)
def test_orders_that_could_measure_nothing_are_refused(order, cases, about):
    with pytest.raises(ApiError, match=about):
        order(cases)


def test_the_flow_may_change_meanwhile(order, flow, says):
    says(knowing)
    made = order()
    flow.graph = graph_of("Something else: {{ question }}")
    flow.save()
    searching.search(str(made.pk))
    assert again(made).found["after"] == 1.0
