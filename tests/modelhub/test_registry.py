"""References, numbers, aliases: what a setting means, and what stays when things move."""

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.modelhub import registry
from flowbuilder.modelhub.models import Model, ModelVersion, VersionStatus
from flowbuilder.modelhub.starter_folder import STARTER
from nodes.base import NodeError

pytestmark = pytest.mark.django_db


@pytest.fixture
def starter(workspace):
    return Model.objects.get(workspace=workspace, name="starter")


def trained(starter, job: str, name: str = "starter", kind: str = "causal") -> ModelVersion:
    return registry.register_trained(
        workspace_id=starter.workspace_id,
        parent=starter.versions.get(number=1),
        folder=STARTER,
        kind=kind,
        name=name,
        job=job,
        metrics={"gain": 0.1},
    )


def test_a_new_workspace_has_the_starter_model(workspace):
    version = registry.resolve(workspace.pk, "starter")
    assert (version.ref, version.folder, version.kind) == ("starter@1", STARTER, "causal")
    assert 0 < version.parameters < 10_000_000


def test_a_trained_version_is_the_next_number_and_not_yet_promoted(workspace, starter):
    version = trained(starter, "job-1")
    assert version.ref == "starter@2" and (version.folder / "model.safetensors").is_file()
    assert registry.resolve(workspace.pk, "starter").number == 1
    assert registry.resolve(workspace.pk, "starter@2").parent.ref == "starter@1"


def test_the_same_job_twice_is_one_version(starter):
    assert trained(starter, "job-1").pk == trained(starter, "job-1").pk


def test_to_promote_is_to_move_production(workspace, starter, asker):
    trained(starter, "job-1")
    registry.set_alias(model=starter, name="production", number=2, asker=asker)
    registry.set_alias(model=starter, name="before", number=1, asker=asker)
    assert registry.resolve(workspace.pk, "starter").number == 2
    assert registry.resolve(workspace.pk, "starter:before").number == 1


def test_a_new_name_starts_in_production(workspace, starter):
    trained(starter, "job-2", name="starter-reward", kind="reward")
    assert registry.resolve(workspace.pk, "starter-reward", kinds=("reward",)).number == 1


@pytest.mark.parametrize(
    "ref", ["", "nope", "starter@9", "starter:nope", "../../etc", "starter@1@2", "starter@x"]
)
def test_what_is_not_there_is_answered_with_what_is(workspace, ref):
    with pytest.raises(NodeError, match=r"There is: starter@1\."):
        registry.resolve(workspace.pk, ref)


def test_the_wrong_kind_is_named(workspace):
    with pytest.raises(NodeError, match="'starter@1' is a causal model; here a reward model is needed"):
        registry.resolve(workspace.pk, "starter", kinds=("reward",))


def test_models_of_another_workspace_do_not_exist(stranger, starter):
    trained(starter, "job-1")
    with pytest.raises(NodeError, match="There is no model 'starter@2'"):
        registry.resolve(stranger.memberships.get().workspace_id, "starter@2")


def test_what_production_points_at_is_not_removed(starter, asker):
    trained(starter, "job-1")
    registry.set_alias(model=starter, name="production", number=2, asker=asker)
    with pytest.raises(ApiError, match="promote another version first"):
        registry.delete_version(starter.versions.get(number=2), asker=asker)


def test_the_shipped_model_is_not_removed(starter, asker):
    with pytest.raises(ApiError, match="cannot be removed"):
        registry.delete_version(starter.versions.get(number=1), asker=asker)


def test_a_removed_version_takes_its_files_along(starter, asker):
    folder = trained(starter, "job-1").folder
    registry.delete_version(starter.versions.get(number=2), asker=asker)
    assert not folder.exists()


def test_a_version_that_is_not_ready_cannot_be_promoted(starter, asker):
    ModelVersion.objects.create(
        workspace=starter.workspace, model=starter, number=2, source="job", status=VersionStatus.FAILED
    )
    with pytest.raises(ApiError, match="no usable version 2"):
        registry.set_alias(model=starter, name="production", number=2, asker=asker)


def test_a_deleted_version_s_number_is_not_given_again(starter, asker):
    trained(starter, "job-1")
    registry.delete_version(starter.versions.get(number=2), asker=asker)
    assert trained(starter, "job-2").ref == "starter@3"
