from tests.safety.expectations.rules import FLOW, Rule, changes, edits, reads, shows

A_PROMPT = {"node": "prompt", "setting": "template"}


TWO_CASES = [{"question": "Where?", "expected": "Here."}, {"question": "Who?", "expected": "You."}]


A_SEARCH_S_FORM = {"written": "a => b\nc => d", "measure": "exact", "answers": 20}


ROUTES: dict[str, dict[str, Rule]] = {
    "api/flows/<flow_id>/prompts": {"GET": reads(FLOW)},
    "api/flows/<flow_id>/rewrites": {"POST": edits(FLOW, sends=lambda world: {**A_PROMPT, "model": "rules"})},
    "api/flows/<flow_id>/searches": {
        "GET": reads(FLOW),
        "POST": edits(FLOW, done=202, sends=lambda world: {**A_PROMPT, "cases": TWO_CASES}),
    },
    "api/searches/<search_id>": {"GET": reads(FLOW)},
    "api/searches/<search_id>/cancellation": {"POST": edits(FLOW, done=202)},
    "flows/<flow_id>/prompts/": {"GET": shows(FLOW)},
    "flows/<flow_id>/prompts/use/": {
        "POST": changes(FLOW, sends=lambda world: {**A_PROMPT, "text": "Say {{ said }}", "revision": 1})
    },
    "flows/<flow_id>/prompts/searches/": {
        "POST": changes(FLOW, sends=lambda world: {**A_PROMPT, **A_SEARCH_S_FORM})
    },
    "flows/<flow_id>/prompts/searches/<search_id>/": {"GET": shows(FLOW)},
    "flows/<flow_id>/prompts/searches/<search_id>/cancellation/": {"POST": changes(FLOW)},
}
