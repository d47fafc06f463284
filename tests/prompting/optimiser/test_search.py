"""The search finds what scores better, spends no more than it may, shows nothing held out, and never makes it worse."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowbuilder.prompting.optimiser.candidate import Candidate, Slots
from flowbuilder.prompting.optimiser.examples import Shown
from flowbuilder.prompting.optimiser.search import Search, Settings, split

SLOTS = Slots(question=("question",), context=("context",))
START = "Answer now.\n\nQuestion: {{ question }}\n\n{{ context }}"
SHOWN = [Shown(n, {"question": f"q{n}", "context": f"c{n}"}, f"a{n}") for n in range(12)]


def judge(good):
    """Prompts that ``good`` likes answer every second case more."""
    asked = []

    async def score(prompt, cases):
        asked.extend((prompt, case) for case in cases)
        return [1.0 if good(prompt) else float(case % 2) for case in cases]

    return score, asked


async def found(good, cases=12, **options):
    score, asked = judge(good)
    outcome = await Search(START, SLOTS, cases, score, SHOWN[:cases], **options).run()
    return outcome, asked


async def test_a_layout_that_scores_better_is_found_and_decided_on_held_out_cases():
    outcome, _ = await found(lambda prompt: prompt.startswith("Context:\n{{ context }}"))
    assert outcome.best.text.startswith("Context:\n{{ context }}") and outcome.after == 1.0 > outcome.before
    assert len(outcome.held_out) == 5 and outcome.better and not outcome.worse


async def test_an_edit_that_scores_better_is_found():
    outcome, _ = await found(lambda prompt: "Answer now" not in prompt and prompt.startswith("Question"))
    assert outcome.best.text == "Question: {{ question }}\n\n{{ context }}"


async def test_examples_are_found_and_do_not_judge_themselves():
    outcome, asked = await found(
        lambda prompt: "a1" in prompt or "a3" in prompt or "a5" in prompt or "a7" in prompt
    )
    assert outcome.best.how == "examples" and outcome.best.shown
    assert not [1 for prompt, case in asked if prompt == outcome.best.text and case in outcome.best.shown]
    assert not outcome.best.shown & set(outcome.held_out)


async def test_what_a_model_proposes_is_tried():
    async def propose(scored, count):
        assert scored == sorted(scored, key=lambda pair: pair[1])
        return ["Do it well: {{ question }} {{ context }}"]

    outcome, _ = await found(lambda prompt: prompt.startswith("Do it well"), propose=propose)
    assert outcome.best.how == "model"


async def test_held_out_cases_keep_out_what_only_fits_the_others():
    chosen_on, _ = split(12, 0)

    async def score(prompt, cases):
        overfit = prompt != START
        return [float(case in chosen_on) if overfit else 0.5 for case in cases]

    outcome = await Search(START, SLOTS, 12, score, SHOWN).run()
    assert outcome.best == Candidate(START) and (outcome.before, outcome.after) == (0.5, 0.5)


async def test_with_few_cases_none_is_held_out():
    outcome, _ = await found(lambda prompt: prompt.startswith("Context:"), cases=4)
    assert not outcome.held_out and outcome.after == 1.0


@pytest.mark.parametrize("answers", [10, 60])
async def test_the_budget_holds(answers):
    outcome, asked = await found(lambda prompt: False, settings=Settings(answers=answers))
    deciding = [case for _, case in asked if case in outcome.held_out]
    assert len(asked) - len(deciding) <= answers and outcome.best.text == START


async def test_no_answer_is_asked_for_twice():
    _, asked = await found(lambda prompt: prompt.startswith("Context:"))
    assert len(asked) == len(set(asked))


@settings(max_examples=30)
@given(st.integers(2, 14), st.integers(0, 5), st.randoms(use_true_random=False))
async def test_it_never_ends_worse_on_the_cases_that_decide(cases, seed, chance):
    scores = {}

    async def score(prompt, numbers):
        return [scores.setdefault((prompt, number), chance.random()) for number in numbers]

    search = Search(START, SLOTS, cases, score, SHOWN[:cases], settings=Settings(seed=seed, answers=120))
    outcome = await search.run()
    assert outcome.after >= outcome.before
    assert "{{ question }}" in outcome.best.text and "{{ context }}" in outcome.best.text


async def test_it_goes_the_same_way_again():
    first, second = [
        await found(lambda prompt: len(prompt) < 60, settings=Settings(seed=3)) for _ in range(2)
    ]
    assert first == second
