"""200 prompts, the shipped model, 200 valid records."""

import asyncio

import pytest
from transformers import AutoModelForCausalLM, AutoTokenizer

from benchmarks.records import overhead, prompts, two_hundred
from flowbuilder.modelhub.runtime.batching import Batch
from flowbuilder.modelhub.starter_folder import STARTER

SHORT = 40
"""Tokens of an answer: most are cut off, so that the mending is tried, too. `python -m benchmarks.records` lets them end."""


@pytest.fixture(scope="module")
def batch():
    tokenizer = AutoTokenizer.from_pretrained(STARTER)
    return Batch(AutoModelForCausalLM.from_pretrained(STARTER).eval(), tokenizer)


@pytest.mark.slow
def test_every_record_is_valid(batch):
    asked = prompts(batch.tokenizer, 200)
    assert len({each.prompt for each in asked}) == 200
    outcome = asyncio.run(two_hundred(batch, asked, SHORT, together=32))
    assert (outcome.valid, outcome.invalid) == (200, [])
    assert outcome.cut_off > 100  # what the model had no time to say was made


@pytest.mark.slow
def test_both_ways_are_measured_on_the_same_tokens(batch):
    assert 0 < overhead(batch, prompts(batch.tokenizer, 5), tokens=60, longest=16) < 10
