"""What trainings add to a model's lineage: the jobs, what they learned from, and what came of the version since."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils.translation import gettext as _

from flowbuilder.accounts.models import Asker
from flowbuilder.datasets.models import DatasetVersion
from flowbuilder.modelhub.lineage import Item, Lineage, add_version
from flowbuilder.modelhub.models import ModelVersion
from flowbuilder.modelhub.registry import REFERENCE
from flowbuilder.training.models import Job

MOST_CHILDREN = 12
MOST_DIGITS = 9


def contribute(asker: Asker, line: Sequence[ModelVersion], found: Lineage) -> None:
    """The jobs that made the versions of the line, and those that went on from its first one."""
    jobs = jobs_of(asker)
    for job in jobs.filter(result__in=line).order_by("created_at"):
        _add(asker, job, found)
    for job in jobs.filter(base=line[0]).exclude(result=None)[:MOST_CHILDREN]:
        _add(asker, job, found)


def jobs_of(asker: Asker) -> Any:
    """Without their data, which may be long."""
    jobs = Job.objects.visible_to(asker).select_related("base__model", "result__model")
    told = {"data_source": KT("data__source"), "reward_model": KT("data__reward_model")}
    return jobs.defer("data", "report", "estimate").annotate(**told)


def _add(asker: Asker, job: Any, found: Lineage) -> None:
    item = Item(
        id=f"job:{job.pk}",
        kind="job",
        title=job.get_recipe_display(),
        note=_("%(steps)s steps") % {"steps": job.steps} if job.steps else "",
        url=reverse("training:job", args=[job.pk]),
    )
    if job.base is not None:
        found.link(add_version(found, job.base), found.add(item), _("base"))
    found.link(found.add(_data(asker, job)), found.add(item), _("data"))
    if judge := _version_named(asker, job.reward_model or ""):
        found.link(add_version(found, judge), found.add(item), _("reward model"))
    found.link(found.add(item), add_version(found, job.result), _("made"))


def _data(asker: Asker, job: Any) -> Item:
    source = job.data_source
    if not source:
        return Item(f"data:{job.pk}", "dataset", _("Data of the order"), _("no dataset version"))
    version = dataset_version(asker, source)
    if version is None:
        return Item(f"dataset:{source}", "dataset", source, _("dataset version"))
    address = f"{reverse('datasets:rows', args=[version.dataset_id])}?version={version.number}"
    return Item(f"dataset:{source}", "dataset", source, _("%(n)s rows") % {"n": version.total}, address)


def dataset_version(asker: Asker, ref: str) -> DatasetVersion | None:
    """None where it is gone since, or where ``ref`` names none."""
    name, _at, number = ref.rpartition("@")
    if not number.isdecimal() or len(number) > MOST_DIGITS:
        return None
    versions = DatasetVersion.objects.visible_to(asker).select_related("dataset")
    return versions.filter(dataset__name=name, number=int(number)).first()


def _version_named(asker: Asker, ref: str) -> ModelVersion | None:
    """The reward model by its number. An alias may have moved since, so what it named then is not known."""
    parsed = REFERENCE.fullmatch(ref)
    if parsed is None or not parsed["number"]:
        return None
    versions = ModelVersion.objects.visible_to(asker).select_related("model")
    return versions.filter(model__name=parsed["name"], number=int(parsed["number"])).first()
