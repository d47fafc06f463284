from tests.safety.expectations.rules import THING, Rule, changes, edits, reads, shows

A_TEST = {"model": "starter", "challengers": [{"number": 2, "share": 10}]}


A_FORM = {
    **{"version": "starter@2", "share": 10, "metric": "good", "alias": "production"},
    **{"least": 100, "alpha": 0.05, "days": 14},
}


ROUTES: dict[str, dict[str, Rule]] = {
    "api/abtests": {"GET": reads(), "POST": edits(done=201, sends=lambda world: A_TEST)},
    "api/abtests/<test_id>": {"GET": reads(THING), "DELETE": edits(THING, done=204)},
    "api/abtests/<test_id>/cancellation": {"POST": edits(THING, done=409)},  # it has ended
    "api/abtests/<test_id>/promotion": {"POST": edits(THING, sends=lambda world: {})},
    "abtests/": {"GET": shows(), "POST": changes(sends=lambda world: A_FORM)},
    "abtests/<test_id>/": {"GET": shows(THING)},
    "abtests/<test_id>/cancellation/": {"POST": changes(THING, done=409)},
    "abtests/<test_id>/promotion/": {"POST": changes(THING)},
    "abtests/<test_id>/deletion/": {"POST": changes(THING)},
}
