"""A cross-encoder from a folder: made here, tiny, of random weights."""

import json

import pytest

from flowbuilder.knowledge.retrieval import rerank


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    shelf = tmp_path_factory.mktemp("shelf")
    vocabulary = {word: at for at, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "parcel", "depot"])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    for name, labels in (("tiny", 1), ("two", 2)):
        config = BertConfig(
            vocab_size=6,
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=16,
            num_labels=labels,
        )
        BertForSequenceClassification(config).save_pretrained(shelf / name)
        PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special).save_pretrained(shelf / name)
    (shelf / "pickled").mkdir()
    (shelf / "pickled" / "config.json").write_text("{}")
    (shelf / "pickled" / "pytorch_model.bin").write_bytes(b"no")
    (shelf / "coded").mkdir()
    (shelf / "coded" / "config.json").write_text(json.dumps({"auto_map": {"AutoModel": "evil.py"}}))
    return shelf


@pytest.fixture(autouse=True)
def _shelf(shelf, settings):
    settings.FLOWBUILDER_MODEL_FOLDER = str(shelf)


def test_each_text_has_a_score_between_0_and_1_that_hangs_on_the_question():
    first = rerank.scores("tiny", "parcel", ["depot", "parcel parcel"])
    assert len(first) == 2 and all(0 < score < 1 for score in first)
    assert first == pytest.approx(rerank.scores("tiny", "parcel", ["depot", "parcel parcel"]))
    assert first != pytest.approx(rerank.scores("tiny", "depot depot", ["depot", "parcel parcel"]))


@pytest.mark.parametrize(
    "name, said",
    [
        ("missing", "no such folder"),
        ("..", "owner/name"),
        ("../tiny", "owner/name"),
        ("a/b/c", "owner/name"),
        ("pickled", "safetensors"),
        ("coded", "auto_map"),
        ("two", "gives 2 scores"),
    ],
)
def test_what_cannot_be_used_says_why(name, said):
    with pytest.raises(rerank.Unusable, match=said):
        rerank.scores(name, "parcel", ["depot"])


@pytest.mark.django_db
def test_a_hub_model_is_fetched_beside_the_search_and_once(monkeypatch):
    sent = []
    monkeypatch.setattr(rerank.app, "send_task", lambda task, arguments, **_: sent.append((task, arguments)))
    rerank.cache.delete("fb:reranker:nobody/nothing")
    for _ in range(2):
        with pytest.raises(rerank.Unusable, match="being fetched"):
            rerank.scores("nobody/nothing", "parcel", ["depot"])
    assert sent == [(rerank.FETCH, ["nobody/nothing"])]
    rerank.cache.delete("fb:reranker:nobody/nothing")
