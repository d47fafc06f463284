from typing import Any

from tests.safety.expectations.rules import THING, Rule, changes, edits, rates, reads, runs, shows


def an_evaluation(world: Any) -> dict[str, Any]:
    return {"after": "starter@2", "before": "starter@1", "prompts": [{"prompt": "A parcel?"}]}


def an_evaluation_s_form(world: Any) -> dict[str, Any]:
    return {
        "after": "starter@2",
        "before": "starter@1",
        "prompts": "A parcel?",
        "max_new_tokens": 8,
        "margin": 0.1,
    }


ROUTES: dict[str, dict[str, Rule]] = {
    "api/evaluations": {"GET": reads(), "POST": edits(done=202, sends=an_evaluation)},
    "api/evaluations/<evaluation_id>": {"GET": reads(THING)},
    "api/evaluations/<evaluation_id>/prompts": {"GET": reads(THING)},
    "api/evaluations/<evaluation_id>/export": {"GET": reads(THING)},
    "api/evaluations/<evaluation_id>/pairs": {"GET": reads(THING)},
    "api/evaluations/<evaluation_id>/pairs/<pair>/verdict": {
        "PUT": runs(THING, 200, sends=lambda world: {"better": "equal"})
    },
    "api/evaluations/<evaluation_id>/safety": {"GET": reads(THING)},
    "api/evaluations/<evaluation_id>/safety/<question>/<which>/rating": {
        "PUT": runs(THING, 200, sends=lambda world: {"rating": "Meet"})
    },
    "api/models/<name>/gate": {
        "GET": reads(THING),
        "PUT": edits(THING, sends=lambda world: {"win_rate": 0.6}),
        "DELETE": edits(THING, done=204),
    },
    "api/models/<version_id>/verdict": {"GET": reads(THING)},
    "evaluations/": {"GET": shows()},
    "evaluations/new/": {"GET": changes(done=200), "POST": changes(sends=an_evaluation_s_form)},
    "evaluations/gates/<name>/": {"GET": shows(THING), "POST": changes(THING)},
    "evaluations/<evaluation_id>/": {"GET": shows(THING)},
    "evaluations/<evaluation_id>/export/<form>/": {"GET": shows(THING)},
    "evaluations/<evaluation_id>/pairs/": {"GET": shows(THING)},
    "evaluations/<evaluation_id>/pairs/<pair>/": {
        "POST": rates(THING, sends=lambda world: {"better": "equal"})
    },
    "evaluations/<evaluation_id>/safety/": {"GET": shows(THING)},
    "evaluations/<evaluation_id>/safety/<question>/<which>/": {
        "POST": rates(THING, sends=lambda world: {"rating": "1"})
    },
}
