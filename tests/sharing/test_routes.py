"""What is open to guests: each list says something of routes that there are, and some doors stay closed whatever is added."""

import re

import pytest

from flowbuilder.accounts.letting_in import Where
from flowbuilder.sharing.routes import EDITED, NOT_BY_LINK, OPEN, is_edited, is_open
from flowbuilder.sharing.things import NAMES
from tests.safety.expectations import ROUTES, SOCKETS

ASKED = [(method, route) for route in ROUTES for method in ROUTES[route]] + [
    ("GET", route) for route in SOCKETS
]


def kind_of(route: str) -> str:
    named = [name for name in re.findall(r"<(\w+)>", route) if name in NAMES]
    return NAMES[named[0]].kind if named else ""


@pytest.mark.parametrize("kind", OPEN)
def test_every_pattern_opens_something_that_names_such_a_thing(kind):
    for pattern in OPEN[kind]:
        found = [route for _, route in ASKED if re.fullmatch(pattern, route)]
        assert found and all(kind_of(route) == kind for route in found), pattern


@pytest.mark.parametrize("kind", EDITED)
def test_what_is_edited_is_open(kind):
    for pattern in EDITED[kind]:
        found = [
            Where(route, method) for method, route in ASKED if re.fullmatch(pattern, f"{method} {route}")
        ]
        assert found and all(is_open(kind, where, by_link=False) for where in found), pattern


def test_what_links_do_not_open_is_there():
    for pattern in NOT_BY_LINK:
        assert any(re.fullmatch(pattern, f"{method} {route}") for method, route in ASKED), pattern


CLOSED = re.compile(
    r".*(publishing|doors|triggers|hooks|schedules|keys|secrets|audit|waiting|improve|training|jobs|template"
    r"|evaluations|embedder|uploads|export|shar).*|(api/)?(flows|knowledge)/<\w+>/deletion/"
)


@pytest.mark.parametrize("kind", OPEN)
def test_the_workspace_s_own_business_stays_closed(kind):
    opened = [route for method, route in ASKED if is_open(kind, Where(route, method), by_link=False)]
    assert not [route for route in opened if CLOSED.fullmatch(route)]


@pytest.mark.parametrize(
    "route", ["api/flows/<flow_id>", "api/knowledge/<base_id>", "api/models/<version_id>"]
)
def test_nobody_deletes_what_was_shared_with_them(route):
    assert not is_edited(kind_of(route), Where(route, "DELETE"))
