"""A classifier says alike of a text alone and among others."""

import pytest
import torch

from flowbuilder.modelhub.runtime.classifying import ClassifyBatch
from flowbuilder.modelhub.runtime.prompting import text_ids
from flowbuilder.modelhub.runtime.request import Request

TEXTS = ("Where is it?", "no", "Send me two of the large ones, and a receipt.")


def ask(id_: str, *texts: str) -> Request:
    return Request(id_, "", "classifier", [], answers=texts or TEXTS)


@pytest.fixture
def model(make_model):
    return make_model("lfm2-classifier")


@pytest.mark.parametrize("pads", [True, False])
def test_neither_padding_nor_company_changes_what_is_said(model, tokenizer, pads):
    if not pads:
        model.config.pad_token_id = None
    batch = ClassifyBatch(model, tokenizer)
    batch.add(ask("all"))
    batch.add(ask("one", TEXTS[1]))
    both, one = batch.step()
    assert both.labels == one.labels == ("a", "b", "c") and not batch.busy
    assert one.scores == pytest.approx(both.scores[3:6], abs=1e-6)
    for row, text in enumerate(TEXTS):
        ids = torch.tensor([text_ids(tokenizer, text)])
        with torch.no_grad():
            alone = torch.softmax(model(input_ids=ids).logits[0], -1).tolist()
        assert both.scores[3 * row : 3 * row + 3] == pytest.approx(alone, abs=1e-5)
        assert sum(alone) == pytest.approx(1)


def test_a_cancelled_caller_is_forgotten_and_a_failed_one_named(model, tokenizer):
    batch = ClassifyBatch(model, tokenizer)
    batch.add(ask("gone"))
    batch.add(ask("stays"))
    batch.cancel("gone")
    assert batch.fail() == ["stays"] and not batch.busy


@pytest.mark.parametrize(("text", "why"), [("", "is empty"), ("word " * 60, "this model reads 32")])
def test_what_cannot_be_classified_is_named(model, tokenizer, text, why):
    model.config.max_position_embeddings = 32
    with pytest.raises(ValueError, match=why):
        ClassifyBatch(model, tokenizer).add(ask("x", text))
