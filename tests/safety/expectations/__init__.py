"""Who may do what: a row for every route, a rule for every method that it offers.

A new route needs a row before the tests pass, in the file here that bears its app's name; files are found by themselves. Rules, by the door they stand at:

- ``reads``, ``runs``, ``edits``: an endpoint below ``/api/``, and the right that it needs. Their first argument
  says what the route is about: nothing (a list, or something new), ``FLOW`` (the flow in the path, its runs and
  versions), or ``THING`` (anything else with an id). What an asker cannot reach is a 404, never a 403.
- ``administers``: an endpoint or page for the workspace's owner and admins in their browser. A key is at most an
  editor, so none reads who did what.
- ``shows``, ``changes``, ``rates``: a page, and what a form on it does, for editors or for whoever runs flows. API keys open no page.
- ``calls``: the OpenAI-compatible endpoints. Sessions open none of them.
- ``account``: pages of signing in and out, with their answers to nobody and to whoever is signed in.
- ``public``: the same answer to everybody.
"""

from importlib import import_module
from pkgutil import iter_modules

from tests.safety.expectations.rules import ASKERS, FLOW, READ, SIGN_IN, THING, Rule

__all__ = ["ASKERS", "FLOW", "ROUTES", "SIGN_IN", "SOCKETS", "THING", "Rule"]


def all_routes() -> dict[str, dict[str, Rule]]:
    found: dict[str, dict[str, Rule]] = {}
    for module in iter_modules(__path__):
        rows = getattr(import_module(f"{__name__}.{module.name}"), "ROUTES", {})
        twice = sorted(set(found) & set(rows))
        assert not twice, f"Rows that stand in two files, one of them {module.name}.py: {twice}"
        found |= rows
    return found


ROUTES = all_routes()
SOCKETS: dict[str, int] = {"ws/runs/<run_id>": READ, "ws/flows/<flow_id>": READ, "ws/standing": READ}
"""Each with the right that it needs, by session only; all but the last are about the flow."""
