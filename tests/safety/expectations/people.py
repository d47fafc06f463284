from typing import Any

from tests.safety.expectations.rules import (
    OWN,
    READ,
    THING,
    Rule,
    account,
    administers,
    persons,
    public,
    reads,
    shows,
)


def a_role(world: Any) -> dict[str, Any]:
    return {"role": "viewer"}


def a_link(world: Any) -> dict[str, Any]:
    return {"role": "viewer", "days": 7, "uses": 1}


def a_group(world: Any) -> dict[str, Any]:
    return {"name": "Reviewers"}


def a_name(world: Any) -> dict[str, Any]:
    return {"name": "Renamed"}


def its_name(world: Any) -> dict[str, Any]:
    return {"name": world.workspace.name}


def a_member(world: Any) -> dict[str, Any]:
    return {"member": world.parameters["member_id"]}


def owns(door: str, done: int, **sent: Any) -> Rule:
    return Rule(door, OWN, THING, done, form=door == "page", **sent)


ROUTES: dict[str, dict[str, Rule]] = {
    "api/workspaces": {"GET": reads(), "POST": persons(201, sends=a_name)},
    "api/workspaces/<workspace_id>": {
        "PATCH": administers("api", THING, sends=a_name),
        "DELETE": owns("api", 202, sends=its_name),
    },
    "api/workspaces/<workspace_id>/owner": {"PUT": owns("api", 204, sends=a_member)},
    "api/members": {"GET": reads()},
    "api/members/<member_id>": {
        "PATCH": administers("api", THING, sends=a_role),
        "DELETE": administers("api", THING, 204),
    },
    "api/invitations": {"GET": administers("api"), "POST": administers("api", done=201, sends=a_link)},
    "api/invitations/<invitation_id>": {"DELETE": administers("api", THING, 204)},
    "api/invitations/<invitation_id>/renewal": {
        "POST": administers("api", THING, sends=lambda world: {"days": 3})
    },
    "api/groups": {"GET": reads(), "POST": administers("api", done=201, sends=a_group)},
    "api/groups/<group_id>": {
        "PUT": administers("api", THING, sends=a_group),
        "DELETE": administers("api", THING, 204),
    },
    "members/": {"GET": shows()},
    "members/<member_id>/role/": {"POST": administers("page", THING, 302, sends=a_role)},
    "members/<member_id>/removal/": {"POST": administers("page", THING, 302)},
    "members/invitations/": {"POST": administers("page", sends=a_link)},
    "members/invitations/<invitation_id>/renewal/": {"POST": administers("page", THING)},
    "members/invitations/<invitation_id>/revocation/": {"POST": administers("page", THING, 302)},
    "groups/": {"GET": shows(), "POST": administers("page", done=302, sends=a_group)},
    "groups/<group_id>/": {"POST": administers("page", THING, 302, sends=a_group)},
    "groups/<group_id>/deletion/": {"POST": administers("page", THING, 302)},
    "workspaces/": {"GET": shows(), "POST": Rule("page", READ, done=302, form=True, sends=a_name)},
    "workspaces/<workspace_id>/choice/": {"POST": Rule("page", READ, THING, 302, form=True)},
    "workspaces/<workspace_id>/name/": {"POST": administers("page", THING, 302, sends=a_name)},
    "workspaces/<workspace_id>/owner/": {"POST": owns("page", 302, sends=a_member)},
    "workspaces/<workspace_id>/deletion/": {"POST": owns("page", 302, sends=its_name)},
    "account/": {"GET": shows()},
    "account/name/": {"POST": Rule("page", READ, done=302, form=True, sends=a_name)},
    "account/email/": {
        "GET": shows(done=302),
        "POST": Rule("page", READ, done=302, form=True),
    },  # a password first
    "account/sessions/others/": {"POST": Rule("page", READ, done=302, form=True)},
    "account/sessions/<session_id>/": {"POST": Rule("page", READ, done=404, form=True)},  # nobody's
    "accounts/saml/<organization_slug>/sign-in/": account(404, 404),  # none is set up
    "accounts/saml/<organization_slug>/answer/": {"POST": public(404)},
    "accounts/saml/<organization_slug>/answer/done/": {"GET": public(404)},
    "accounts/saml/<organization_slug>/sign-out/": {"GET": public(404)},
    "accounts/saml/<organization_slug>/metadata/": {"GET": public(404)},
    "join/<token>/": {"GET": public(404), "POST": public(404)},
    "opening/<token>/": {"GET": public(404), "POST": public(404)},
}
