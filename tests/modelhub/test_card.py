"""The card: every fact is one that is stored, people's words are marked as theirs, and nothing of it is markup."""

import hashlib

import pytest
from django.utils import timezone

from flowbuilder.datasets.models import Dataset, DatasetVersion
from flowbuilder.feedback.models import Rating
from flowbuilder.flows.models import Flow
from flowbuilder.modelhub import card
from flowbuilder.modelhub.adding import read_files
from flowbuilder.modelhub.lineage import lineage_of
from flowbuilder.modelhub.models import ModelVersion
from flowbuilder.modelhub.origin import architecture, licence, readme
from flowbuilder.modelhub.registry import register_trained
from flowbuilder.modelhub.rendering import rendered
from flowbuilder.modelhub.starter_folder import STARTER
from flowbuilder.training.models import Job, JobAlarm, JobMetric

pytestmark = pytest.mark.django_db


@pytest.fixture
def starter(workspace):
    return ModelVersion.objects.get(workspace=workspace, model__name="starter")


@pytest.fixture
def version(starter):
    """Trained from the starter by a job that is known."""
    now = timezone.now()
    job = Job.objects.create(
        workspace=starter.workspace,
        recipe="dpo",
        base=starter,
        settings={"steps": 40, "learning_rate": 0.0005, "lora_rank": 8},
        data={"pairs": [{"prompt": "p", "chosen": "c", "rejected": "r"}] * 12, "source": "support@3"},
        wait_key="job:card",
        started_at=now - timezone.timedelta(minutes=3),
        ended_at=now,
    )
    JobMetric.objects.create(job=job, step=1, values={"loss": 0.69, "accuracy": 0.5})
    JobMetric.objects.create(job=job, step=40, values={"loss": 0.31})
    JobAlarm.objects.create(job=job, step=30, kind="length_drift", message="Answers grew | by half.")
    ModelVersion.objects.filter(pk=starter.pk).update(metrics={"accuracy": 0.5})
    starter.refresh_from_db()
    made = register_trained(
        workspace_id=starter.workspace_id,
        parent=starter,
        folder=STARTER,
        kind="causal",
        name="starter",
        job=str(job.pk),
        metrics={"accuracy": 0.75, "margin": 0.125},
    )
    Job.objects.filter(pk=job.pk).update(result=made)
    return made


def rows(markdown: str) -> dict[str, list[str]]:
    """Every table row by its first cell."""
    cells = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in markdown.splitlines()
        if line.startswith("| ")
    ]
    return {first: rest for first, *rest in cells}


def test_it_tells_what_is_stored(asker, version):
    told = rows(card.card_of(asker, version))
    assert told["Parameters"] == [f"{version.parameters:,}"]
    assert told["Context length"] == ["768 tokens"] and told["Architecture"] == ["Lfm2ForCausalLM"]
    assert told["Tokenizer"] == ["TokenizersBackend"] and told["Trained from"] == ["starter@1"]
    assert (
        told["Recipe"] == ["DPO"] and told["learning_rate"] == ["0.0005"] and told["Took"] == ["3.0 minutes"]
    )
    assert told["Dataset version"] == ["support@3"] and told["Used: pairs"] == ["12"]
    assert told["accuracy"] == ["0.5", "0.5"] and told["loss"] == ["0.69", "0.31"]
    assert told["margin"] == ["", "0.125"]
    assert told["Alarm"] == ["step 30: Answers grew \\| by half."]


def test_a_dataset_version_is_counted(asker, workspace, version):
    dataset = Dataset.objects.create(workspace=workspace, name="support", kind="preference", newest=3)
    counts = {"train": 30, "validation": 6, "test": 4, "synthetic": 10}
    DatasetVersion.objects.create(workspace=workspace, dataset=dataset, number=3, counts=counts)
    told = rows(card.card_of(asker, version))
    assert told["Its rows: train"] == ["30"] and told["Its rows: test"] == ["4"]
    assert told["Of them synthetic"] == ["25%"]
    lineage = lineage_of(asker, version)
    (item,) = [item for item in lineage.items.values() if item.kind == "dataset"]
    assert (item.note, item.url) == ("40 rows", f"/datasets/{dataset.pk}/?version=3")


def test_the_hashes_are_the_files(asker, version):
    told = rows(card.card_of(asker, version))
    weights = version.folder / "model.safetensors"
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    assert told["model.safetensors"] == [f"{weights.stat().st_size:,}", digest]


def test_adapters_are_said_to_be_merged(asker, version):
    assert "(LoRA) are merged" in card.card_of(asker, version)


def test_people_are_counted(asker, workspace, owner, version):
    flow = Flow.objects.create(workspace=workspace, name="Bot", slug="bot")
    said = {"workspace": workspace, "flow": flow, "person": owner, "kind": "thumbs", "prompt": "p"}
    Rating.objects.create(**said, up=True, model=version.ref)
    Rating.objects.create(**said, up=False, model=version.ref)
    Rating.objects.create(**said, up=False, model="starter@1")
    told = rows(card.card_of(asker, version))
    assert [told[name] for name in ("Ratings of its answers", "People", "Thumbs up", "Thumbs down")] == [
        ["2"],
        ["1"],
        ["1"],
        ["1"],
    ]


def test_what_people_say_is_marked_as_theirs(asker, version):
    version.model.intended_use, version.model.limits = "Drafts of delivery records.", "No *legal* advice."
    text = card.card_of(asker, version)
    assert "## Intended use\n\n*As its people describe it:*\n\nDrafts of delivery records." in text
    assert "<em>legal</em>" in rendered(text)


def test_an_app_above_adds_its_own(asker, version, monkeypatch):
    found = card.Section("Evaluations", [("Measure", "Value"), ("win rate", "61 %")], "On 200 prompts.")
    monkeypatch.setattr(card, "sources", [lambda asker, version: [found]])
    text = card.card_of(asker, version)
    assert (
        "## Evaluations\n\nOn 200 prompts.\n\n| Measure | Value |\n| --- | --- |\n| win rate | 61 % |" in text
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![](https://elsewhere.example/pixel.png)",
        "<svg/onload=alert(1)>",
        "[x](data:text/html;base64,PHN2Zz4=)",
    ],
)
def test_no_text_becomes_markup_that_does_anything(asker, version, hostile):
    Job.objects.update(settings={"note": hostile}, data={"source": hostile})
    version.model.limits = hostile
    html = rendered(card.card_of(asker, version))
    for bad in ("<script", "<img", "<svg", 'href="javascript:', 'href="data:', 'onerror=a">'):
        assert bad not in html


def test_links_lead_out_without_a_referrer():
    assert 'rel="nofollow noopener noreferrer"' in rendered("[x](https://example.test)")


def test_a_base_s_readme_and_licence(tmp_path):
    (tmp_path / "README.md").write_text("---\nlicense: apache-2.0\ntags:\n- x\n---\n# Tiny\n\nIt is small.")
    assert licence(tmp_path) == "apache-2.0" and readme(tmp_path) == "# Tiny\n\nIt is small."
    (tmp_path / "README.md").unlink()
    assert licence(tmp_path) == readme(tmp_path) == ""
    (tmp_path / "LICENSE").write_text("\n  MIT License\n\nPermission is hereby granted")
    assert licence(tmp_path) == "MIT License"


def test_what_a_folder_does_not_state_is_left_out(tmp_path):
    (tmp_path / "config.json").write_text('{"n_positions": 1024, "architectures": null}')
    assert architecture(tmp_path) == {"Context length": "1,024 tokens"}
    (tmp_path / "config.json").write_text("not json")
    assert architecture(tmp_path) == {}


def test_front_matter_names_what_is_known(asker, version):
    assert card.front_matter(asker, version) == (
        "---\nlibrary_name: transformers\npipeline_tag: text-generation\n---\n\n"
    )


def test_files_of_before_are_read_by_a_worker(starter):
    ModelVersion.objects.filter(pk=starter.pk).update(files=None)
    read_files(str(starter.pk))
    starter.refresh_from_db()
    assert "model.safetensors" in {file["name"] for file in starter.files}
