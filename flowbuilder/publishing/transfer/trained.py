"""A model moves: its versions with their aliases, and how these were made, measured and compared.

The files lie under the versions' ids and stay where they are. What trained a version goes along with the data that
was given with the order; the dataset that it came from stays, and is then a name in the record.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from flowbuilder.abtests.models import AbTest
from flowbuilder.abtests.models import Status as TestStatus
from flowbuilder.accounts.models import Workspace
from flowbuilder.datasets.models import AUGMENTED, Augmentation
from flowbuilder.evaluation.models import Evaluation
from flowbuilder.flows.bounds import Pointer
from flowbuilder.modelhub.models import HubUpload, Model, ModelVersion, Source, VersionStatus
from flowbuilder.modelhub.registry import REFERENCE
from flowbuilder.modelhub.uploading import OPEN
from flowbuilder.publishing.transfer.naming import free_name
from flowbuilder.publishing.transfer.uses import flows_that_name
from flowbuilder.training.models import ENDED, Job


def reasons(model: Model) -> list[str]:
    """Why it cannot go now, a sentence each."""
    if model.versions.filter(source=Source.SHIPPED).exists():
        return [_("It came with Flowbuilder, so that every workspace has it.")]
    found = [
        _("The flow “%(flow)s” names it. Let it name another model, or move the flow first.") % {"flow": flow}
        for flow in flows_that_name(model.workspace, lambda pointer: _is(model, pointer))
    ]
    made = ModelVersion.objects.exclude(model=model)
    for version in made.filter(Q(parent__model=model) | Q(made_by__base__model=model)).distinct():
        told = {"version": version.ref}
        found.append(_("“%(version)s” was trained from it, and would lose what it comes from.") % told)
    if model.versions.filter(status=VersionStatus.IMPORTING).exists():
        found.append(_("A version is being added. Wait for its end, or cancel it."))
    if HubUpload.objects.filter(version__model=model, status__in=OPEN).exists():
        found.append(_("A version is being sent to the hub. Wait for its end, or cancel it."))
    if jobs_of(model).exclude(status__in=ENDED).exists():
        found.append(_("A training of it goes on or is paused. Wait for its end, or cancel it."))
    if AbTest.objects.filter(model=model, status=TestStatus.RUNNING).exists():
        found.append(_("An A/B test of its versions runs. Stop it first."))
    if Augmentation.objects.filter(model__model=model).exclude(status__in=AUGMENTED).exists():
        found.append(_("It writes rows for a dataset. Wait for the end, or cancel that."))
    return found


def jobs_of(model: Model) -> QuerySet[Job]:
    """What trained its versions, tried to, or measured them."""
    return Job.objects.filter(
        Q(result__model=model) | Q(base__model=model) | Q(evaluation__after__model=model)
    ).distinct()


def carry(model: Model, target: Workspace) -> None:
    """In the caller's transaction."""
    versions = ModelVersion.objects.filter(model=model)
    for job in jobs_of(model).select_related("base__model"):
        _carry_job(job, model, target)
    Evaluation.objects.filter(after__model=model).exclude(before__model=model).update(before=None)
    Evaluation.objects.filter(after__model=model).update(workspace=target)
    _leave_alone(model)
    for version in versions.exclude(parent=None).exclude(parent__model=model).select_related("parent"):
        version.parent = _same_there(version.parent, target)
        version.save(update_fields=["parent"])
    AbTest.objects.filter(model=model).update(workspace=target)
    HubUpload.objects.filter(version__model=model).update(workspace=target)
    versions.update(workspace=target)
    model.name = free_name(Model.objects.filter(workspace=target), model.name, "-")
    model.workspace = target
    model.save(update_fields=["name", "workspace"])


def _carry_job(job: Job, model: Model, target: Workspace) -> None:
    if job.base is not None and job.base.model_id != model.pk:
        there = _same_there(job.base, target)
        if there is None:
            job.data = {**job.data, "started_from": job.base.ref}
        job.base = there
    told = {"base": job.base, "data": job.data, "dataset_version": None, "run": None}
    Job.objects.filter(pk=job.pk).update(workspace=target, **told)


def _leave_alone(model: Model) -> None:
    """What stays behind and compared another model with one of these versions, or had rows written by it, keeps only its name."""
    Evaluation.objects.filter(before__model=model).exclude(after__model=model).update(before=None)
    Augmentation.objects.filter(model__model=model).update(model=None)


def _same_there(version: ModelVersion | None, target: Workspace) -> ModelVersion | None:
    """What came with Flowbuilder is in every workspace; of anything else only the name goes along."""
    if version is None or version.source != Source.SHIPPED:
        return None
    return ModelVersion.objects.filter(workspace=target, source=Source.SHIPPED).first()


def _is(model: Model, pointer: Pointer) -> bool:
    kind, ref = pointer
    named = REFERENCE.fullmatch(ref) if kind == "model" else None
    return named is not None and named["name"] == model.name
