from tests.safety.expectations.rules import THING, Rule, changes, edits, reads, shows

A_SECRET = {"value": "s3cret-value", "hosts": ["crm.example.com"]}


ROUTES: dict[str, dict[str, Rule]] = {
    "api/secrets": {"GET": reads(), "POST": edits(done=201, sends=lambda world: A_SECRET | {"name": "crm"})},
    "api/secrets/<secret_id>": {
        "PUT": edits(THING, sends=lambda world: A_SECRET),
        "DELETE": edits(THING, done=204),
    },
    "secrets/": {
        "GET": shows(),
        "POST": changes(
            sends=lambda world: {"name": "crm", "value": "s3cret-value", "hosts": "crm.example.com"}
        ),
    },
    "secrets/<secret_id>/value/": {
        "POST": changes(THING, sends=lambda world: {"value": "s3cret-value", "hosts": "crm.example.com"}),
    },
    "secrets/<secret_id>/deletion/": {"POST": changes(THING)},
}
