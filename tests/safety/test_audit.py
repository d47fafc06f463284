"""What changes something is told to the audit log, on every route: or a row here says why it is not."""

import re

import pytest

from flowbuilder.accounts.models import AuditEvent
from tests.safety.expectations import ROUTES
from tests.safety.expectations.untold import WHY_NOT
from tests.safety.test_authorisation import LOGGED, SAFE, ask
from tests.safety.test_authorisation import world as world

FILES = {
    "api/datasets/<dataset_id>/export",
    "api/evaluations/<evaluation_id>/export",
    "evaluations/<evaluation_id>/export/<form>/",
    "api/feedback/export",
    "publishing/<flow_id>/leads/export/",
    "api/flow-files",
    "api/flows/<flow_id>/file",
    "api/models/<version_id>/export",
    "api/logs/export",
    "api/conversations/export",
    "usage/export/",
    "logs/export/",
    "conversations/export/",
    "api/test-sets/<set_id>/export",
}
"""Read by GET, and told all the same."""
UNSAFE = sorted((route, method) for route in ROUTES for method in set(ROUTES[route]) - SAFE)


def test_every_change_is_told_or_says_why_not(world):
    """One test: the world is made once, and most of an answer's time is the world's."""
    wrong = []
    for route, method in UNSAFE:
        answer, written = ask(world, "owner", method, route, ROUTES[route][method])
        told = any(LOGGED.match(sql) for sql in written)
        if told == ((route, method) in WHY_NOT):
            wrong.append(f"{method} {route}: {answer.status_code}, {'told' if told else 'not told'}")
    assert not wrong, (
        "Call accounts.audit.record() where it is done, or give the reason in tests/safety/expectations/untold.py "
        "(and take out what stands there and is told):\n" + "\n".join(wrong)
    )
    assert set(WHY_NOT) <= set(UNSAFE), "rows of routes that are gone"


@pytest.mark.parametrize("route", sorted(FILES))
def test_a_file_that_is_taken_is_told(world, route):
    before = AuditEvent.objects.count()
    answer = world.client("owner").get(world.path_of(route))
    assert answer.status_code == 200 and answer["Content-Disposition"].startswith("attachment")
    event = AuditEvent.objects.first()
    assert AuditEvent.objects.count() == before + 1 and event.action == "file.taken"
    assert re.search(r"\.\w+$", event.subject) and event.details["from"] == world.path_of(route)
    world.client("owner").head(world.path_of(route))
    assert AuditEvent.objects.count() == before + 1, "asked for, not taken"
