from tests.safety.expectations.rules import READ, THING, Rule, changes, shows

ROUTES: dict[str, dict[str, Rule]] = {
    "debugging/<base_id>/": {
        "GET": shows(THING),
        "POST": Rule("page", READ, THING, form=True, sends=lambda world: {"q": "A parcel?", "flow": "none"}),
    },
    "debugging/<base_id>/flow/": {"POST": changes(THING)},
    "debugging/<base_id>/runs/<run_id>/": {"GET": shows(THING)},
    "debugging/<base_id>/runs/<run_id>/correction/": {
        "POST": changes(THING, sends=lambda world: {"answer": "It has an id."})
    },
}
