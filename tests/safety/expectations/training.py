from typing import Any

from tests.safety.expectations.rules import READ, THING, Rule, changes, edits, reads, shows


def a_job(world: Any) -> dict[str, Any]:
    pair = {"prompt": "A parcel?", "chosen": "It has an id.", "rejected": "No."}
    return {"recipe": "reward_model", "data": {"pairs": [pair] * 4}}


AN_ORDER = {
    "recipe": "sft",
    "model": "starter@1",
    "source": "rows",
    "rows": '{"prompt": "A parcel?", "completion": "It has an id."}',
}


ROUTES: dict[str, dict[str, Rule]] = {
    "api/jobs": {"GET": reads(), "POST": edits(done=202, sends=a_job)},
    "api/jobs/<job_id>": {
        "GET": reads(THING),
        "PATCH": edits(THING, sends=lambda world: {"priority": 1}),
    },
    "api/jobs/<job_id>/samples": {"GET": reads(THING)},
    "api/jobs/<job_id>/alarms": {"GET": reads(THING)},
    "api/jobs/<job_id>/log": {"GET": reads(THING)},
    "api/jobs/<job_id>/pause": {"POST": edits(THING, done=409)},
    "api/jobs/estimate": {"POST": reads(sends=a_job)},
    "api/jobs/comparison": {"GET": reads(done=422)},
    "api/devices": {"GET": reads()},
    "api/jobs/<job_id>/cancellation": {"POST": edits(THING, done=202)},
    "api/jobs/<job_id>/resumption": {"POST": edits(THING, done=202)},
    "training/": {"GET": shows()},
    "training/new/": {
        "GET": shows(),
        "POST": changes(sends=lambda world: AN_ORDER),
    },
    "training/estimate/": {"POST": Rule("page", READ, form=True, sends=lambda world: AN_ORDER)},
    "training/comparison/": {"GET": shows()},
    "training/<job_id>/": {"GET": shows(THING)},
    "training/<job_id>/log/": {"GET": shows(THING)},
    "training/<job_id>/priority/": {"POST": changes(THING, sends=lambda world: {"priority": "1"})},
    "training/<job_id>/pause/": {"POST": changes(THING, done=409)},
    "training/<job_id>/cancellation/": {"POST": changes(THING)},
    "training/<job_id>/resumption/": {"POST": changes(THING)},
}
