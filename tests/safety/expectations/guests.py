"""Which routes are open to whom one thing was shared with, in the app's own words; ``tests/sharing/test_routes.py`` holds those."""

from flowbuilder.accounts.letting_in import Where
from flowbuilder.sharing.routes import OPEN, is_edited, is_nameless, is_open


def guests_go(kind: str, method: str, route: str, by_link: bool) -> bool:
    return kind in OPEN and is_open(kind, as_asked(method, route), by_link=by_link)


def guests_edit(kind: str, method: str, route: str) -> bool:
    return is_edited(kind, as_asked(method, route))


def is_anybody_s(method: str, route: str) -> bool:
    return is_nameless(as_asked(method, route))


def as_asked(method: str, route: str) -> Where:
    return Where(route, "GET" if method in {"HEAD", "OPTIONS"} else method)
