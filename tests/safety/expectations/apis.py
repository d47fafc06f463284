from tests.safety.expectations.rules import THING, Rule, changes, edits, reads, shows

A_DESCRIPTION = {
    "text": "curl -X POST https://example.com/vans/7 -d '{}'",
    "example": '{"plate": "K-1"}',
}


ROUTES: dict[str, dict[str, Rule]] = {
    "api/apis": {"GET": reads(), "POST": edits(done=201, sends=lambda world: A_DESCRIPTION, form=True)},
    "api/apis/<description_id>": {"GET": reads(THING), "DELETE": edits(THING, done=204)},
    "api/apis/<description_id>/document": {"GET": reads(THING)},
    "api/apis/<description_id>/revisions": {
        "GET": reads(THING),
        "POST": edits(THING, done=201, sends=lambda world: A_DESCRIPTION, form=True),
    },
    "api/apis/<description_id>/mock/<path>": dict.fromkeys(
        ["GET", "POST", "PUT", "PATCH", "DELETE"], reads(THING)
    ),
    "api/operations": {"GET": reads()},
    "api/operations/<operation_id>": {"GET": reads(THING)},
    "api/operations/<operation_id>/mock": {"GET": reads(THING)},
    "apis/": {"GET": shows(), "POST": changes(sends=lambda world: A_DESCRIPTION)},
    "apis/<description_id>/": {"GET": shows(THING)},
    "apis/<description_id>/revisions/": {"POST": changes(THING, sends=lambda world: A_DESCRIPTION)},
    "apis/<description_id>/deletion/": {"POST": changes(THING)},
    "apis/operations/<operation_id>/": {"GET": shows(THING)},
}
