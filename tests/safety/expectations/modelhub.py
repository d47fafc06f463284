from tests.safety.expectations.rules import THING, Rule, changes, edits, reads, shows

ROUTES: dict[str, dict[str, Rule]] = {
    "api/models": {
        "GET": reads(),
        "POST": edits(done=202, sends=lambda world: {"name": "new", "source": "folder", "location": "new"}),
    },
    "api/models/<version_id>": {"GET": reads(THING), "DELETE": edits(THING, done=204)},
    "api/models/<version_id>/lineage": {"GET": reads(THING)},
    "api/models/<version_id>/card": {"GET": reads(THING)},
    "api/models/<version_id>/export": {"GET": reads(THING)},
    "api/models/<version_id>/cancellation": {"POST": edits(THING, done=409)},
    "api/models/<version_id>/resumption": {"POST": edits(THING, done=409)},
    "api/models/<version_id>/uploads": {
        "GET": reads(THING),
        "POST": edits(THING, done=202, sends=lambda world: {"repository": "acme/x", "confirm": True}),
    },
    "api/uploads/<upload_id>": {"GET": reads(THING)},
    "api/uploads/<upload_id>/cancellation": {"POST": edits(THING, done=202)},
    "api/models/<name>/uses": {"GET": reads(THING)},
    "api/models/<name>/description": {"PUT": edits(THING, sends=lambda world: {"limits": "None."})},
    "api/models/<name>/aliases": {"GET": reads(THING)},
    "api/models/<name>/aliases/<alias>": {
        "PUT": edits(THING, sends=lambda world: {"number": 1}),
        "DELETE": edits(THING, done=204),
    },
    "api/models/<name>/aliases/<alias>/moves": {"GET": reads(THING)},
    "api/models/<name>/aliases/<alias>/rollbacks": {"POST": edits(THING, done=201, sends=lambda world: {})},
    "models/": {
        "GET": shows(),
        "POST": changes(sends=lambda world: {"name": "new", "source": "folder", "location": "new"}),
    },
    "models/<name>/": {"GET": shows(THING)},
    "models/<name>/description/": {"POST": changes(THING)},
    "models/<name>/aliases/": {"POST": changes(THING, sends=lambda world: {"alias": "trial", "number": 1})},
    "models/<name>/aliases/<alias>/rollback/": {"POST": changes(THING)},
    "models/<name>/aliases/<alias>/deletion/": {"POST": changes(THING)},
    "models/versions/<version_id>/": {"GET": shows(THING)},
    "models/versions/<version_id>/look/": {"GET": shows(THING)},
    "models/versions/<version_id>/promotion/": {"POST": changes(THING)},
    "models/versions/<version_id>/deletion/": {"POST": changes(THING)},
    "models/versions/<version_id>/cancellation/": {"POST": changes(THING)},
    "models/versions/<version_id>/resumption/": {"POST": changes(THING)},
    "models/versions/<version_id>/uploads/": {
        "POST": changes(
            THING,
            sends=lambda world: {"repository": "acme/x", "visibility": "private", "confirm": "on"},
        )
    },
    "models/uploads/<upload_id>/cancellation/": {"POST": changes(THING)},
}
