"""Who asks, which rules there are, and what each answers to whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.safety.expectations.guests import guests_edit, guests_go, is_anybody_s

NONE, READ, RUN, EDIT, ADMINISTER, OWN = range(6)
"""Rights, each with those before it."""

SIGN_IN = "sign in"
"""The answer that redirects to the sign-in page."""

FLOW, THING = "flow", "thing"


@dataclass(frozen=True)
class Who:
    """What an asker is, in words of the rules."""

    right: int = NONE
    by: str = ""
    """``session`` or ``key``; empty when they are nobody to us."""
    reach: frozenset[str] = frozenset()
    """What of the owner's workspace there is for them."""
    shared: int = NONE
    """The right over the things that were shared with them."""
    things: tuple[str, ...] = ()
    """The kinds of these things."""
    link: bool = False
    """They hold a link to them, and are else nobody."""

    def at(self, method: str, route: str) -> Who:
        """Who they are to one route: its guest, where it is about what was shared with them and open to guests."""
        kind = next((kind for kind in self.things if guests_go(kind, method, route, self.link)), "")
        if kind:
            edits = self.shared == EDIT and guests_edit(kind, method, route)
            right = self.shared if edits else min(self.shared, RUN)
            reach = frozenset({FLOW} if kind == "flow" else {THING})
            right = max(right, self.right) if self.reach else right
            return Who(right, "session", reach | self.reach)
        if self.link and is_anybody_s(method, route):
            return Who(READ, "session")
        if self.things and not self.link and route in {"shared/", "api/shared-with-me"}:
            return replace(self, reach=EVERYTHING)
        return self


EVERYTHING = frozenset({FLOW, THING})
SHARED = ("flow", "base", "model")
ASKERS = {
    "owner": Who(OWN, "session", EVERYTHING),
    "admin": Who(ADMINISTER, "session", EVERYTHING),
    "editor": Who(EDIT, "session", EVERYTHING),
    "runner": Who(RUN, "session", EVERYTHING),
    "viewer": Who(READ, "session", EVERYTHING),
    "stranger": Who(OWN, "session"),
    "removed": Who(NONE, "session"),
    "nobody": Who(),
    "key": Who(EDIT, "key", EVERYTHING),
    "key of the flow": Who(RUN, "key", frozenset({FLOW})),
    "key of another flow": Who(RUN, "key"),
    "revoked key": Who(),
    "key of a viewer": Who(READ, "key", EVERYTHING),
    "key of somebody removed": Who(),
    "guest who views": Who(OWN, "session", shared=READ, things=SHARED),
    "guest who runs": Who(OWN, "session", shared=RUN, things=SHARED),
    "guest who edits": Who(OWN, "session", shared=EDIT, things=SHARED),
    "viewer whose group edits the flow": Who(READ, "session", EVERYTHING, shared=EDIT, things=("flow",)),
    "holder of a link": Who(shared=RUN, things=("flow",), link=True),
    "holder of an ended link": Who(),
}


@dataclass(frozen=True)
class Rule:
    door: str
    needs: int = READ
    about: str = ""
    done: int = 200
    sends: Callable[[Any], dict[str, Any]] | None = None
    """From the world of the test, the body of the request: JSON to endpoints, a form to pages."""
    form: bool = False
    to_signed_in: int = 200
    to_keys: int | None = None
    """Where no key may what its person may."""

    def answer(self, who: Who) -> int | str:
        if self.door == "public":
            return self.done
        if self.door == "account":
            return self.to_signed_in if who.by == "session" else self.done
        if self.door == "page":
            if who.by != "session":
                return SIGN_IN
        elif who.right == NONE or (self.door == "v1" and who.by != "key"):
            return 401
        if self.about and self.about not in who.reach:
            return 404
        if who.right < self.needs and self.needs > READ:
            return 403
        if who.by == "key" and self.to_keys is not None:
            return self.to_keys
        return self.done


def reads(about: str = "", done: int = 200, **sent: Any) -> Rule:
    return Rule("api", READ, about, done, **sent)


def runs(about: str, done: int, **sent: Any) -> Rule:
    return Rule("api", RUN, about, done, **sent)


def edits(about: str = "", done: int = 200, **sent: Any) -> Rule:
    return Rule("api", EDIT, about, done, **sent)


def administers(door: str, about: str = "", done: int = 200, **sent: Any) -> Rule:
    return Rule(door, ADMINISTER, about, done, form=door == "page", **sent)


def persons(done: int, **sent: Any) -> Rule:
    """An endpoint for whoever belongs to some workspace, in their browser."""
    return Rule("api", READ, "", done, to_keys=403, **sent)


def calls(about: str = "", needs: int = READ, done: int = 200, **sent: Any) -> Rule:
    return Rule("v1", needs, about, done, **sent)


def shows(about: str = "", done: int = 200) -> Rule:
    return Rule("page", READ, about, done)


def changes(about: str = "", done: int = 302, **sent: Any) -> Rule:
    return Rule("page", EDIT, about, done, form=True, **sent)


def rates(about: str = "", done: int = 302, **sent: Any) -> Rule:
    """What a form does that needs the right to run."""
    return Rule("page", RUN, about, done, form=True, **sent)


def public(done: int = 200, **sent: Any) -> Rule:
    return Rule("public", done=done, form=not sent, **sent)


def account(nobody: int | str, signed_in: int | str, sent: int | str | None = None) -> dict[str, Rule]:
    """A form of allauth; ``sent`` is its answer to a signed-in person's empty form, where that differs."""
    shown = Rule("account", done=nobody, to_signed_in=signed_in, form=True)
    answered = replace(shown, to_signed_in=signed_in if sent is None else sent)
    return {"GET": shown, "POST": answered}
