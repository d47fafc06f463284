from tests.safety.expectations.bodies import A_LINE
from tests.safety.expectations.rules import EDIT, FLOW, Rule, changes, edits, rates, reads, runs, shows

THUMBS_UP = {"kind": "thumbs", "up": True}


ROUTES: dict[str, dict[str, Rule]] = {
    "api/runs/<run_id>/ratings": {
        "GET": reads(FLOW),
        "POST": runs(FLOW, 201, sends=lambda world: THUMBS_UP),
    },
    "api/ratings": {"GET": reads()},
    "api/ratings/<rating_id>": {"DELETE": edits(FLOW, done=204)},
    "api/flows/<flow_id>/comparisons": {"POST": runs(FLOW, 202, sends=lambda world: {})},
    "api/comparisons/<comparison_id>": {"GET": reads(FLOW)},
    "api/comparisons/<comparison_id>/verdict": {
        "PUT": runs(FLOW, 200, sends=lambda world: {"better": "equal"})
    },
    "api/feedback/export": {"GET": reads()},
    "api/feedback/review": {"GET": reads()},
    "api/feedback/review/<item_id>": {"POST": runs(FLOW, 204, sends=lambda world: {"verdict": "up"})},
    "api/feedback/agreement": {"GET": reads()},
    "api/feedback/raters": {"GET": edits()},
    "api/feedback/gold": {"GET": edits(), "POST": edits(done=422, sends=lambda world: {})},  # needs a flow
    "api/feedback/gold/frequency": {"PUT": edits(sends=lambda world: {"every": 20})},
    "api/feedback/gold/<gold_id>": {"DELETE": edits(FLOW, done=204)},
    "api/feedback/import": {"POST": edits(done=201, sends=lambda world: A_LINE)},
    "feedback/": {"GET": shows()},
    "feedback/<rating_id>/withdrawal/": {"POST": changes(FLOW)},
    "feedback/review/": {"GET": shows()},
    "feedback/review/<item_id>/": {"POST": rates(FLOW, sends=lambda world: {"verdict": "skip"})},
    "feedback/review/pairs/<comparison_id>/": {"POST": rates(FLOW, sends=lambda world: {"better": "equal"})},
    "feedback/review/rankings/<run_id>/": {
        "POST": rates(FLOW, sends=lambda world: {"node": "reply", "skip": "on"})
    },
    "feedback/<rating_id>/gold/": {"POST": changes(FLOW)},
    "feedback/gold/": {"GET": Rule("page", EDIT), "POST": changes(done=422)},
    "feedback/gold/frequency/": {"POST": changes(sends=lambda world: {"every": 20})},
    "feedback/gold/<gold_id>/deletion/": {"POST": changes(FLOW)},
}
