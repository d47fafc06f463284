from tests.safety.expectations.rules import THING, Rule, changes, edits, reads, shows

ROUTES: dict[str, dict[str, Rule]] = {
    "api/variables": {"GET": reads()},
    "api/variables/<variable>": {
        "GET": reads(THING),
        "PUT": edits(sends=lambda world: {"value": 42}),
        "DELETE": edits(THING, done=204),
    },
    "variables/": {"GET": shows(), "POST": changes(sends=lambda world: {"name": "new", "value": "1"})},
    "variables/<variable_id>/deletion/": {"POST": changes(THING)},
}
