"""A look into a real model, made in the test."""

import pytest
import torch
from transformers import AutoTokenizer, GPT2Config, GPT2LMHeadModel

from flowbuilder.modelhub.runtime.looking import looked
from flowbuilder.modelhub.runtime.request import Request
from flowbuilder.modelhub.starter_folder import STARTER
from nodes.base import NodeError


@pytest.fixture(scope="session")
def tokenizer():
    return AutoTokenizer.from_pretrained(STARTER)


@pytest.fixture
def science(tokenizer, make_context):
    torch.manual_seed(0)
    config = GPT2Config(vocab_size=len(tokenizer), n_embd=32, n_layer=2, n_head=2, n_positions=256)
    model = GPT2LMHeadModel(config).eval()

    class Science:
        reports: list = []

        async def look(self, name, text, *, what, **asked):
            request = Request(
                "1", "", "causal", [{"role": "user", "content": text}], look={"what": what, **asked}
            )
            try:
                return {"model": f"{name}@1", **looked(model, tokenizer, request).facts}
            except ValueError as error:
                raise NodeError(str(error)) from error

    found = Science()
    found.context = make_context(science=found, report=lambda *args: found.reports.append(args))
    return found
