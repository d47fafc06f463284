"""Aliases: moved, taken back, gated; every move is kept, audited, and holds from the next look-up on."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import AuditEvent
from flowbuilder.accounts.services import asker_from_user
from flowbuilder.modelhub import aliases, registry
from flowbuilder.modelhub.models import AliasMove, Model, ModelVersion
from nodes.base import NodeError

pytestmark = pytest.mark.django_db


@pytest.fixture
def model(workspace):
    """With versions 1 to 4, of which the first is in production."""
    model = Model.objects.create(workspace=workspace, name="mine")
    for number in range(1, 5):
        version = ModelVersion.objects.create(
            workspace=workspace, model=model, number=number, source="folder"
        )
        aliases.first(version)
    return model


@pytest.fixture
def gate(monkeypatch):
    """``gate["mine@2"] = [...]`` closes it."""
    closed: dict[str, list[str]] = {}
    monkeypatch.setattr(registry, "refusals_of", lambda version: closed.get(version.ref, []))
    return closed


def promote(model, number, asker, **options):
    return registry.set_alias(model=model, name="production", number=number, asker=asker, **options)


def production(model) -> int:
    return registry.resolve(model.workspace_id, model.name).number


def test_a_move_holds_at_once_and_is_kept_with_who_and_why(model, asker):
    promote(model, 2, asker, reason="Better on the held-out prompts")
    assert production(model) == 2
    move = model.moves.first()
    assert (move.before, move.after, move.undo, move.person) == (1, 2, False, asker.user)
    event = AuditEvent.objects.get(action="alias.moved")
    assert event.subject == "mine:production" and event.actor == asker.user
    assert event.details == {
        "before": 1,
        "after": 2,
        "reason": "Better on the held-out prompts",
        "refusals": [],
    }


def test_to_move_it_where_it_stands_is_nothing(model, asker):
    promote(model, 1, asker)
    assert model.moves.count() == 1 and not AuditEvent.objects.exists()


def test_each_roll_back_takes_one_more_move_back(model, asker):
    for number in (2, 3):
        promote(model, number, asker)
    for expected in (2, 1):
        registry.roll_back(model=model, name="production", asker=asker)
        assert production(model) == expected
    with pytest.raises(ApiError, match="no earlier version to go back to"):
        registry.roll_back(model=model, name="production", asker=asker)
    assert AuditEvent.objects.filter(action="alias.rolled_back").count() == 2


def test_after_a_roll_back_a_promotion_is_taken_back_to_where_it_started(model, asker):
    promote(model, 2, asker)
    registry.roll_back(model=model, name="production", asker=asker)
    promote(model, 3, asker)
    registry.roll_back(model=model, name="production", asker=asker)
    assert production(model) == 1


def test_a_roll_back_skips_what_was_deleted(model, asker):
    for number in (2, 3):
        promote(model, number, asker)
    registry.delete_version(model.versions.get(number=2), asker=asker)
    registry.roll_back(model=model, name="production", asker=asker)
    assert production(model) == 1
    with pytest.raises(ApiError, match="no earlier version"):
        registry.roll_back(model=model, name="production", asker=asker)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(numbers=st.lists(st.integers(1, 4), max_size=6))
def test_as_many_roll_backs_as_moves_lead_back_to_the_start(model, asker, numbers):
    """For any moves: each roll back shows the state before, as an undo does."""
    AliasMove.objects.filter(model=model).delete()
    model.aliases.update(version=model.versions.get(number=1))
    states = [1]
    for number in numbers:
        promote(model, number, asker)
        states += [number] if number != states[-1] else []
    for expected in reversed(states[:-1]):
        registry.roll_back(model=model, name="production", asker=asker)
        assert production(model) == expected


def test_any_name_is_an_alias_and_can_go(model, asker):
    registry.set_alias(model=model, name="staging", number=3, asker=asker)
    assert registry.resolve(model.workspace_id, "mine:staging").number == 3
    registry.remove_alias(model=model, name="staging", asker=asker)
    with pytest.raises(NodeError, match="no model 'mine:staging'"):
        registry.resolve(model.workspace_id, "mine:staging")
    assert AuditEvent.objects.filter(action="alias.removed", subject="mine:staging").exists()
    registry.roll_back(model=model, name="staging", asker=asker)
    assert registry.resolve(model.workspace_id, "mine:staging").number == 3


def test_production_can_only_be_moved(model, asker):
    with pytest.raises(ApiError, match="move it instead"):
        registry.remove_alias(model=model, name="production", asker=asker)


@pytest.mark.parametrize("name", ["Staging", "a b", "", "x" * 41, "a:b", "a@1"])
def test_a_name_that_no_setting_could_name_is_refused(model, asker, name):
    with pytest.raises(ApiError, match="cannot be an alias"):
        registry.set_alias(model=model, name=name, number=1, asker=asker)


def test_the_gate_stops_a_promotion_and_says_why(model, asker, gate):
    gate["mine@2"] = ["Its JSON is valid in 81 % of answers; 95 % are wanted."]
    with pytest.raises(ApiError, match="81 % of answers") as refused:
        promote(model, 2, asker)
    assert (refused.value.status, refused.value.code) == (409, "gate")
    assert refused.value.details == {"refusals": gate["mine@2"]}
    assert production(model) == 1 and not AuditEvent.objects.exists()


@pytest.mark.parametrize("reason", ["", "   ", "it is ok", " " * 20])
def test_a_reason_that_says_nothing_does_not_open_it(model, asker, gate, reason):
    gate["mine@2"] = ["Worse."]
    with pytest.raises(ApiError, match="at least 10 characters"):
        promote(model, 2, asker, reason=reason)


def test_with_a_written_reason_it_is_moved_and_both_are_kept(model, asker, gate):
    gate["mine@2"] = ["Worse on refusals."]
    promote(model, 2, asker, reason="The law changed; refusals are reviewed by hand.")
    move, event = model.moves.first(), AuditEvent.objects.get()
    assert production(model) == 2
    assert move.refusals == event.details["refusals"] == ["Worse on refusals."]
    assert move.reason == event.details["reason"] == "The law changed; refusals are reviewed by hand."


def test_other_aliases_have_no_gate(model, asker, gate):
    gate["mine@2"] = ["Worse."]
    registry.set_alias(model=model, name="staging", number=2, asker=asker)


def test_back_to_what_was_in_production_is_free(model, asker, gate):
    promote(model, 2, asker)
    promote(model, 3, asker)
    gate |= {"mine@1": ["Old."], "mine@2": ["Old."]}
    registry.roll_back(model=model, name="production", asker=asker)
    promote(model, 1, asker)
    assert production(model) == 1


def test_what_went_there_against_the_gate_needs_a_reason_again(model, asker, gate):
    gate["mine@2"] = ["Worse."]
    promote(model, 2, asker, reason="Wanted for the trial")
    registry.roll_back(model=model, name="production", asker=asker)
    with pytest.raises(ApiError, match="The gate is closed"):
        promote(model, 2, asker)


def test_a_first_version_is_free(workspace, asker, gate):
    gate["new@1"] = ["Nothing is known of it."]
    model = Model.objects.create(workspace=workspace, name="new")
    ModelVersion.objects.create(workspace=workspace, model=model, number=1, source="folder")
    promote(model, 1, asker)


def put(client, number, **body):
    path = "/api/models/mine/aliases/production"
    return client.put(path, {"number": number, **body}, content_type="application/json")


def test_over_http_promote_refuse_reason_and_roll_back(api_client, owner, model, gate):
    client, gate["mine@3"] = api_client(owner), ["Worse."]
    assert put(client, 2).json()["production"] is True
    refused = put(client, 3)
    assert refused.status_code == 409 and refused.json()["error"]["code"] == "gate"
    assert put(client, 3, reason="Wanted for the trial").status_code == 200
    (row,) = client.get("/api/models/mine/aliases").json()
    assert row == {"alias": "production", "version": "mine@3", "roll_back_to": "mine@2"}
    path = "/api/models/mine/aliases/production"
    back = client.post(f"{path}/rollbacks", {}, content_type="application/json")
    assert (back.status_code, back.json()["ref"]) == (201, "mine@2")
    moves = client.get(f"{path}/moves").json()
    assert [(move["before"], move["after"], move["rolled_back"]) for move in moves] == [
        (3, 2, True),
        (2, 3, False),
        (1, 2, False),
        (None, 1, False),
    ]
    assert moves[1]["refusals"] == ["Worse."] and moves[1]["by"] == owner.email and moves[-1]["by"] is None


def test_the_page_asks_for_the_reason(api_client, teammate, model, gate):
    gate["mine@2"] = ["<i>Worse</i> on safety."]
    client, second = api_client(teammate), model.versions.get(number=2)
    closed = client.post(f"/models/versions/{second.pk}/promotion/")
    assert closed.status_code == 409 and "&lt;i&gt;Worse&lt;/i&gt; on safety." in closed.content.decode()
    client.post(f"/models/versions/{second.pk}/promotion/", {"reason": "Agreed with the safety team"})
    assert production(model) == 2
    assert AuditEvent.objects.get().actor == asker_from_user(teammate).user
