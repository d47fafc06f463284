from tests.safety.expectations.rules import FLOW, Rule, rates, reads, runs, shows

ROUTES: dict[str, dict[str, Rule]] = {
    "api/flows/<flow_id>/runs": {"GET": reads(FLOW), "POST": runs(FLOW, 202, sends=lambda world: {})},
    "api/runs/<run_id>": {"GET": reads(FLOW)},
    "api/runs/<run_id>/events": {"GET": reads(FLOW)},
    "api/runs/<run_id>/graph": {"GET": reads(FLOW)},
    "api/runs/<run_id>/waits/<node>": {"POST": runs(FLOW, 404, sends=lambda world: {})},  # it waits nowhere
    "api/runs/<run_id>/cancellation": {"POST": runs(FLOW, 202)},
    "api/runs/<run_id>/resumption": {"POST": runs(FLOW, 202)},
    "api/waits": {"GET": reads()},
    "waiting/": {"GET": shows()},
    "waiting/count/": {"GET": shows()},
    "waiting/<wait_id>/": {"POST": rates(FLOW, sends=lambda world: {"outcome": "refused"})},
}
