"""The export: a whole folder that loads elsewhere, with hashes that hold, sent piece by piece."""

import asyncio
import hashlib
import io
import shutil
import tracemalloc
import zipfile

import pytest

from flowbuilder.modelhub.exporting import archive, pieces
from flowbuilder.modelhub.files import listed
from flowbuilder.modelhub.models import Model, ModelVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(workspace, model_folder, tmp_path, settings):
    """A small GPT-2 with a README of its own."""
    settings.HOME_DIR = tmp_path
    model = Model.objects.create(workspace=workspace, name="tiny")
    version = ModelVersion(workspace=workspace, model=model, number=4, source="folder", location="tiny")
    version.folder.parent.mkdir(parents=True)
    shutil.copytree(model_folder("gpt2"), version.folder)
    (version.folder / "README.md").write_text("---\nlicense: mit\n---\n# Theirs")
    version.files = listed(version.folder)
    version.save(force_insert=True)
    return version


def exported(client, version) -> zipfile.ZipFile:
    answer = client.get(f"/api/models/{version.pk}/export")
    assert answer.status_code == 200, answer.content

    async def received() -> bytes:
        return b"".join([piece async for piece in answer.streaming_content])

    data = asyncio.run(received())
    assert answer["Content-Length"] == str(len(data))
    assert answer["Content-Disposition"] == 'attachment; filename="tiny-4.zip"'
    return zipfile.ZipFile(io.BytesIO(data))


def test_it_holds_every_file_and_hashes_that_hold(api_client, owner, version):
    found = exported(api_client(owner), version)
    assert found.testzip() is None
    names = {name.removeprefix("tiny-4/") for name in found.namelist()}
    assert {"model.safetensors", "config.json", "README.md", "ORIGINAL_README.md", "SHA256SUMS"} <= names
    lines = found.read("tiny-4/SHA256SUMS").decode().splitlines()
    assert {line.split("  ")[1] for line in lines} == names - {"SHA256SUMS"}
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256(found.read(f"tiny-4/{name}")).hexdigest() == digest


def test_the_card_is_its_readme_and_the_own_one_is_kept(api_client, owner, version):
    found = exported(api_client(owner), version)
    readme = found.read("tiny-4/README.md").decode()
    assert readme.startswith("---\nlicense: mit\nlibrary_name: transformers\n") and "# tiny@4" in readme
    assert found.read("tiny-4/ORIGINAL_README.md").decode().endswith("# Theirs")


def test_what_comes_out_loads(api_client, owner, version, tmp_path):
    from transformers import AutoModelForCausalLM, AutoTokenizer

    exported(api_client(owner), version).extractall(tmp_path / "elsewhere")
    folder = tmp_path / "elsewhere" / "tiny-4"
    model = AutoModelForCausalLM.from_pretrained(folder)
    ids = AutoTokenizer.from_pretrained(folder)("A parcel", return_tensors="pt").input_ids
    assert model(ids).logits.shape[-1] == model.config.vocab_size


def test_what_is_not_ready_says_so(api_client, owner, version):
    ModelVersion.objects.filter(pk=version.pk).update(files=None)
    answer = api_client(owner).get(f"/api/models/{version.pk}/export")
    assert answer.status_code == 409 and "not ready" in answer.json()["error"]["message"]


def test_a_large_file_is_sent_in_constant_memory(asker, version):
    size = 64 * 2**20
    with (version.folder / "large.safetensors").open("wb") as file:
        file.truncate(size)
    version.files.append({"name": "large.safetensors", "size": size, "sha256": "0" * 64})
    made = archive(asker, version)

    async def sent() -> int:
        return sum([len(piece) async for piece in pieces(made)])

    tracemalloc.start()
    total = asyncio.run(sent())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total == len(made) > size and peak < 8 * 2**20
