"""Which embedders may be chosen, and how a base changes over: the old one answers until all is embedded by the new one."""

import json

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import AuditEvent
from flowbuilder.knowledge import embedders, reembedding, services
from flowbuilder.knowledge.embedding import embed
from flowbuilder.knowledge.index import index_of
from flowbuilder.knowledge.ingestion.work import ingest
from flowbuilder.knowledge.model_folders import Unusable
from flowbuilder.knowledge.models import NewVector, Passage, Reembedding
from flowbuilder.knowledge.retrieval.search import look
from nodes.knowledge.looking import Looking

TEXT = b"# Parcels\n\nA parcel has a weight and a code.\n\n# Lockers\n\nA locker stands at a depot and has doors.\n"
DIMENSIONS = 24


@pytest.fixture(scope="module")
def tiny_folder(tmp_path_factory):
    """A BERT of random weights with 24 dimensions, as sentence-transformers keeps one."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.normalizers import Lowercase
    from tokenizers.pre_tokenizers import Whitespace
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    words = "[PAD] [UNK] [CLS] [SEP] a parcel parcels has weight and code locker lockers stands at depot doors . ?"
    tokenizer = Tokenizer(WordLevel({word: at for at, word in enumerate(words.split())}, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = Lowercase(), Whitespace()
    plain = tmp_path_factory.mktemp("bert")
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=64, **special).save_pretrained(plain)
    config = BertConfig(
        vocab_size=len(words.split()),
        hidden_size=DIMENSIONS,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    BertModel(config).save_pretrained(plain)
    folder = tmp_path_factory.mktemp("shelf") / "tiny"
    transformer = Transformer(str(plain), max_seq_length=64)
    SentenceTransformer(modules=[transformer, Pooling(DIMENSIONS)], device="cpu").save(str(folder))
    return folder


@pytest.fixture
def shelf(settings, tiny_folder):
    settings.FLOWBUILDER_MODEL_FOLDER = str(tiny_folder.parent)
    return tiny_folder.parent


@pytest.fixture
def base(asker):
    base = services.create_base(asker=asker, name="Protocol")
    ingest(str(services.add_document(base=base, name="protocol.md", data=TEXT).pk))
    return base


def dimensions(base) -> set[int]:
    return {len(row.vector) // 2 for row in Passage.objects.filter(base=base, searched=True)}


def test_a_folder_on_the_shelf_embeds(shelf):
    assert embedders.on_the_shelf() == ["tiny"]
    assert embed(["a parcel"], "tiny").shape == (1, DIMENSIONS)


@pytest.mark.django_db
def test_the_old_one_answers_until_all_is_embedded_by_the_new_one(base, shelf, asker):
    reembedding.choose(base, "tiny", asker)
    assert AuditEvent.objects.filter(action="knowledge.embedder").exists()
    assert reembedding.reembed_next() is True
    base.refresh_from_db()
    assert (
        base.embedder == "" and NewVector.objects.count() == base.reembedding.done == base.reembedding.planned
    )
    assert look([base.pk], "Which parcel has a weight?", Looking(), dense=True)["hits"]
    assert index_of(base).embedder == "" and dimensions(base) == {384}
    while reembedding.reembed_next():
        pass
    base.refresh_from_db()
    assert base.embedder == "tiny" and dimensions(base) == {DIMENSIONS}
    assert not NewVector.objects.exists() and not Reembedding.objects.exists()
    found = look([base.pk], "a parcel has a weight ?", Looking(), dense=True)
    assert index_of(base).embedder == "tiny" and found["hits"][0]["parts"]["dense"] is not None


@pytest.mark.django_db
def test_what_changes_meanwhile_is_embedded_again(base, shelf, asker):
    reembedding.choose(base, "tiny", asker)
    reembedding.reembed_next()
    passage = base.passages.filter(searched=True).first()
    Passage.objects.filter(pk=passage.pk).update(text="a locker", digest="another")
    before = bytes(passage.new_vector.vector)
    while reembedding.reembed_next():
        pass
    passage.refresh_from_db()
    assert bytes(passage.vector) != before and dimensions(base) == {DIMENSIONS}


@pytest.mark.django_db
def test_it_can_be_called_off_and_chosen_anew(base, shelf, asker):
    reembedding.choose(base, "tiny", asker)
    reembedding.reembed_next()
    reembedding.choose(base, "", asker)
    assert not Reembedding.objects.exists() and not NewVector.objects.exists()
    assert reembedding.reembed_next() is False and dimensions(base) == {384}


def damaged(name, folder, shelf):
    """A copy of the folder with one thing wrong."""
    import shutil

    copy = shutil.copytree(folder, shelf / name)
    if name == "code":
        config = json.loads((copy / "config.json").read_text())
        (copy / "config.json").write_text(json.dumps({**config, "auto_map": {"AutoModel": "x.Y"}}))
    elif name == "pickles":
        (copy / "model.safetensors").rename(copy / "pytorch_model.bin")
    elif name == "dense":
        (copy / "2_Dense").mkdir()
        (copy / "2_Dense" / "pytorch_model.bin").write_bytes(b"x")
    elif name == "strange":
        modules = json.loads((copy / "modules.json").read_text())
        modules[1]["type"] = "os.path"
        (copy / "modules.json").write_text(json.dumps(modules))
    elif name == "plain":
        (copy / "modules.json").unlink()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing", "no such folder"),
        ("../tiny", "name a folder on the model shelf"),
        ("code", "auto_map"),
        ("pickles", r"no \*.safetensors"),
        ("dense", r"2_Dense/pytorch_model.bin can carry code"),
        ("strange", "'os.path' is none of those"),
        ("plain", "no modules.json"),
    ],
)
@pytest.mark.django_db
def test_what_cannot_embed_is_refused_by_name(tmp_path, settings, tiny_folder, asker, name, said):
    settings.FLOWBUILDER_MODEL_FOLDER = str(tmp_path)
    if name not in {"missing", "../tiny"}:
        damaged(name, tiny_folder, tmp_path)
    base = services.create_base(asker=asker, name="Protocol")
    with pytest.raises(ApiError, match=said) as refused:
        reembedding.choose(base, name, asker)
    assert name in refused.value.message and refused.value.status == 422
    assert not Reembedding.objects.exists()


@pytest.mark.django_db
def test_what_is_too_large_is_refused_with_the_limit(shelf, settings, asker):
    settings.FLOWBUILDER_MODEL_MEMORY_MB = -1
    base = services.create_base(asker=asker, name="Protocol")
    with pytest.raises(ApiError, match="FLOWBUILDER_MODEL_MEMORY_MB allows"):
        reembedding.choose(base, "tiny", asker)


@pytest.mark.django_db
def test_a_repository_that_cannot_be_fetched_says_so(base, asker, monkeypatch):
    def no_hub(name):
        raise OSError("no network")

    monkeypatch.setattr(reembedding.model_folders, "fetch", no_hub)
    reembedding.choose(base, "nobody/nothing", asker)
    reembedding.reembed_next()
    order = Reembedding.objects.get(base=base)
    assert "'nobody/nothing' cannot embed: it is not on this machine" in order.error
    assert reembedding.reembed_next() is False


@pytest.mark.django_db
def test_an_embedder_that_went_leaves_keywords(base, shelf, asker):
    base.embedder = "gone"
    base.save()
    found = look([base.pk], "parcel weight", Looking(), dense=True)
    assert found["hits"] and "'gone' cannot embed" in found["why_not_meaning"]["Protocol"]
    with pytest.raises(Unusable):
        embed(["a"], "gone")


@pytest.mark.django_db
def test_over_http(base, shelf, owner, api_client):
    client, path = api_client(owner), f"/api/knowledge/{base.pk}/embedder"
    assert client.get(path).json() == {
        "embedder": "",
        "shown": embedders.SHIPPED_NAME,
        "change": None,
        "shelf": ["tiny"],
    }
    chosen = client.put(path, {"embedder": "tiny"}, content_type="application/json")
    assert chosen.status_code == 202 and chosen.json()["change"]["planned"] == 2
    assert client.delete(path).status_code == 204 and client.get(path).json()["change"] is None
    refused = client.put(path, {"embedder": "missing"}, content_type="application/json")
    assert refused.status_code == 422 and "no such folder" in refused.json()["error"]["message"]


@pytest.mark.django_db
def test_on_its_page(base, shelf, owner, api_client):
    client, path = api_client(owner), f"/knowledge/{base.pk}/embedder/"
    assert 'value="tiny"' in client.get(path).content.decode()
    assert client.post(path, {"embedder": "tiny"}).status_code == 302
    assert "0 of 2 passages" in client.get(path, headers={"HX-Request": "true"}).content.decode()
    client.post(path, {"stay": "1"})
    refused = client.post(path, {"embedder": "tiny", "other": "missing"})
    assert refused.status_code == 422 and "&#x27;missing&#x27; cannot embed" in refused.content.decode()
