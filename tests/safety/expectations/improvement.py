from tests.safety.expectations.rules import FLOW, Rule, changes, edits, reads, shows

ROUTES: dict[str, dict[str, Rule]] = {
    # 409: nobody has said enough of the flow's answers yet
    "api/flows/<flow_id>/improvement": {"GET": reads(FLOW)},
    "api/flows/<flow_id>/improvements": {
        "GET": reads(FLOW),
        "POST": edits(FLOW, done=409, sends=lambda world: {}),
    },
    "api/improvements/<improvement_id>": {"GET": reads(FLOW)},
    "improvement/flows/<flow_id>/": {
        "GET": shows(FLOW),
        "POST": changes(FLOW, done=409, sends=lambda world: {"recipe": "grpo", "effort": "quick"}),
    },
    "improvement/<improvement_id>/": {"GET": shows(FLOW)},
}
