"""Sharing: for who may edit everything of the workspace, in a browser or by a key."""

from typing import Any

from flowbuilder.accounts.models import Workspace
from tests.safety.expectations.rules import (
    FLOW,
    READ,
    THING,
    Rule,
    changes,
    edits,
    persons,
    public,
    reads,
    shows,
)


def elsewhere(world: Any) -> dict[str, Any]:
    return {"workspace": str(Workspace.objects.get(name="Elsewhere").pk)}


def an_address(world: Any) -> dict[str, Any]:
    return {"email": "somebody@example.test"}


ROUTES: dict[str, dict[str, Rule]] = {
    "api/flows/<flow_id>/transfer": {
        "GET": edits(FLOW),
        "POST": edits(FLOW, 404, sends=elsewhere),  # they are editors of no other workspace
    },
    "publishing/<flow_id>/transfer/": {
        "GET": changes(FLOW, done=200),
        "POST": changes(FLOW, done=404, sends=elsewhere),
    },
    "api/transfers/<kind>/<thing_id>": {
        "GET": edits(FLOW),
        "POST": edits(FLOW, 404, sends=elsewhere),
    },
    "publishing/transfers/<kind>/<thing_id>/": {
        "GET": changes(FLOW, done=200),
        "POST": changes(FLOW, done=404, sends=elsewhere),
    },
    "api/offers": {"GET": reads()},
    "api/transfers/<kind>/<thing_id>/offer": {
        "POST": edits(FLOW, 201, sends=an_address, to_keys=403),
        "DELETE": edits(FLOW, 204, to_keys=403),
    },
    "api/offers/<offer_id>/acceptance": {"POST": persons(404, sends=elsewhere)},  # it is another person's
    "api/offers/<offer_id>/refusal": {"POST": persons(404)},
    "publishing/transfers/<kind>/<thing_id>/offer/": {"POST": changes(FLOW, done=200, sends=an_address)},
    "publishing/offers/letters/<token>/": {"GET": shows(done=404)},  # the token is guessed
    "publishing/offers/<offer_id>/": {
        "POST": Rule("page", READ, done=404, form=True, sends=elsewhere)  # it is another person's
    },
    "publishing/offers/<offer_id>/refusal/": {"POST": Rule("page", READ, done=404, form=True)},
    "api/shared-with-me": {"GET": reads()},
    "api/shares/<kind>/<thing_id>": {
        "GET": edits(FLOW),
        "POST": edits(FLOW, done=201, sends=lambda world: {"right": "view"}),
    },
    "api/shares/<share_id>": {
        "PATCH": edits(THING, sends=lambda world: {"right": "run"}),
        "DELETE": edits(THING, done=204),
    },
    "api/shares/<share_id>/invitation": {"POST": edits(THING, done=409)},  # the link's is none
    "shared/": {"GET": shows()},
    "shared/news/": {"GET": shows()},
    "shared/reading/": {"POST": Rule("page", READ, done=204, form=True)},
    "shared/<token>/": {"GET": public(404), "POST": public(404)},  # the token is guessed
    "sharing/<kind>/<thing_id>/": {
        "GET": changes(FLOW, done=200),
        "POST": changes(FLOW, done=200, sends=lambda world: {"right": "view", "until": ""}),
    },
    "sharing/<kind>/<thing_id>/standing/": {"GET": public()},
    "sharing/<share_id>/right/": {"POST": changes(THING, done=200, sends=lambda world: {"right": "run"})},
    "sharing/<share_id>/link/": {"POST": changes(THING, done=200, sends=lambda world: {"until": ""})},
    "sharing/<share_id>/invitation/": {"POST": changes(THING, done=409)},
    "sharing/<share_id>/end/": {"POST": changes(THING, done=200)},
}
