"""The memory budget: what is used least leaves, what is too large is refused by name."""

import shutil

import pytest

from flowbuilder.modelhub.runtime.loaded import LoadedModels
from flowbuilder.modelhub.runtime.request import Request
from flowbuilder.modelhub.runtime.scoring import ScoreBatch
from flowbuilder.modelhub.runtime.seq2seq import Seq2SeqBatch


@pytest.fixture
def three(model_folder, tmp_path):
    return [str(shutil.copytree(model_folder("gpt2"), tmp_path / str(number))) for number in range(3)]


def test_the_least_recently_used_model_leaves(three):
    size = LoadedModels(1000).get(three[0], "causal").megabytes
    models = LoadedModels(size * 2.5)
    models.get(three[0], "causal")
    models.get(three[1], "causal")
    models.get(three[0], "causal")
    models.get(three[2], "causal")
    assert set(models.kept) == {three[0], three[2]}


def test_a_model_that_is_answering_stays(three):
    size = LoadedModels(1000).get(three[0], "causal").megabytes
    models = LoadedModels(size * 1.5)
    models.get(three[0], "causal").batch.add(Request("1", "", "causal", [{"role": "user", "content": "x"}]))
    models.get(three[1], "causal")
    assert three[0] in models.kept


def test_a_model_larger_than_the_budget_is_refused_before_it_is_loaded(three):
    models = LoadedModels(0.01)
    with pytest.raises(MemoryError, match="FLOWBUILDER_MODEL_MEMORY_MB"):
        models.get(three[0], "causal")
    assert not models.kept


def test_each_kind_has_its_own_batch(model_folder):
    models = LoadedModels(1000)
    assert isinstance(models.get(str(model_folder("t5")), "seq2seq").batch, Seq2SeqBatch)
    assert isinstance(models.get(str(model_folder("lfm2-reward")), "reward").batch, ScoreBatch)
