from typing import Any

from tests.safety.expectations.rules import (
    FLOW,
    RUN,
    THING,
    Rule,
    administers,
    calls,
    changes,
    edits,
    public,
    reads,
    shows,
)


def a_question(world: Any) -> dict[str, Any]:
    """Streamed: a whole answer would wait for a worker."""
    messages = [{"role": "user", "content": "Hello"}]
    return {"model": world.parameters["slug"], "messages": messages, "stream": True}


def a_response(world: Any) -> dict[str, Any]:
    return {"model": world.parameters["slug"], "input": "Hello", "stream": True}


LISTING = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
EMBED = {"model": "all-MiniLM-L6-v2", "input": "Hello"}


def a_visitor_s_question(world: Any) -> dict[str, Any]:
    return {"question": "Where is it?", "conversation": "00000000-0000-0000-0000-000000000001"}


ROUTES: dict[str, dict[str, Rule]] = {
    "api/flows/<flow_id>/triggers": {"GET": reads(FLOW)},
    "api/hooks/<hook_id>/<token>": {"POST": public(404, sends=lambda world: {})},  # the token is guessed
    "api/hooks/<hook_id>/renewal": {"POST": edits(FLOW)},
    "api/schedules/<schedule_id>": {"PATCH": edits(FLOW, sends=lambda world: {"paused": True})},
    "api/schedules/times": {"GET": reads(done=422)},  # of no expression
    # Doors for editors; behind them, everybody with a visitor's pass
    "api/flows/<flow_id>/callbacks": {
        "GET": reads(FLOW),
        "POST": edits(FLOW, done=422, sends=lambda world: {"url": "https://unlisted.example.com/"}),
    },
    "api/callbacks/<callback_id>": {
        "PATCH": edits(FLOW, sends=lambda world: {"active": False}),
        "DELETE": edits(FLOW, done=204),
    },
    "api/callbacks/<callback_id>/secret": {"POST": edits(FLOW, done=201)},
    "api/flows/<flow_id>/deliveries": {"GET": reads(FLOW)},
    "api/deliveries/<delivery_id>": {"GET": reads(FLOW)},
    "api/deliveries/<delivery_id>/redeliveries": {"POST": edits(FLOW, done=202)},
    "api/flows/<flow_id>/overridable": {"GET": reads(FLOW)},
    "api/flows/<flow_id>/doors": {
        "GET": reads(FLOW),
        "PATCH": edits(FLOW, sends=lambda world: {"page": False}),
    },
    "api/flows/<flow_id>/limits": {
        "GET": reads(FLOW),
        "PATCH": administers("api", FLOW, sends=lambda world: {"runs_at_once": 5}),
    },
    "api/keys/<key_id>/limits": {
        "GET": reads(THING),
        "PATCH": administers("api", THING, sends=lambda world: {"runs_at_once": 5}),
    },
    "publishing/<flow_id>/environments/": {"POST": changes(FLOW, sends=lambda world: {"move": "empty"})},
    "publishing/<flow_id>/limits/": {"GET": shows(FLOW), "POST": administers("page", FLOW, done=302)},
    "keys/<key_id>/limits/": {"GET": shows(THING), "POST": administers("page", THING, done=302)},
    "api/chat/<address>/questions": {"POST": public(202, sends=a_visitor_s_question)},
    "api/chat/<address>/questions/<turn_id>": {"GET": public()},
    "api/chat/<address>/questions/<turn_id>/events": {"GET": public()},
    "api/chat/<address>/questions/<turn_id>/cancellation": {"POST": public(202)},
    "api/chat/<address>/questions/<turn_id>/comparison": {"GET": public(404), "POST": public(202)},
    "api/chat/<address>/questions/<turn_id>/comparison/verdict": {
        "PUT": public(404, sends=lambda world: {"better": "left"}),
    },
    "api/chat/<address>/questions/<turn_id>/rating": {
        "PUT": public(204, sends=lambda world: {"up": True}),
    },
    "v1/models": {"GET": calls()},
    "v1/models/<slug>": {"GET": calls(FLOW)},
    "v1/chat/completions": {"POST": calls(FLOW, RUN, sends=a_question)},
    "v1/responses": {"POST": calls(FLOW, RUN, sends=a_response)},
    "v1/responses/<response_id>": {"GET": calls(FLOW), "DELETE": calls(FLOW, RUN)},
    "v1/responses/<response_id>/cancel": {"POST": calls(FLOW, RUN)},
    "v1/responses/<response_id>/input_items": {"GET": calls(FLOW)},
    # No model worker runs beside these tests.
    "v1/embeddings": {"POST": calls(THING, RUN, done=503, sends=lambda world: EMBED)},
    "v1/": {"GET": public(404)},
    # The protocol's own test of headers comes after ours.
    "mcp": {"POST": calls(done=406, sends=lambda world: LISTING)},
    "mcp/<slug>": {"POST": calls(FLOW, done=406, sends=lambda world: LISTING)},
    "chat/<address>/": {"GET": public()},
    "chat/<address>/frame/": {"GET": public()},
    "publishing/<flow_id>/": {"GET": shows(FLOW), "POST": changes(FLOW)},
    "publishing/<flow_id>/publication/": {"POST": changes(FLOW)},
    "publishing/<flow_id>/rollback/": {"POST": changes(FLOW, done=409)},  # nothing was live before
    "publishing/<flow_id>/callbacks/": {
        "POST": changes(FLOW, done=422, sends=lambda world: {"url": "https://unlisted.example.com/"})
    },
    "publishing/<flow_id>/callbacks/<callback_id>/": {
        "POST": changes(FLOW, sends=lambda world: {"does": "pause"})
    },
    "publishing/<flow_id>/deliveries/": {"GET": shows(FLOW)},
    "publishing/<flow_id>/deliveries/<delivery_id>/": {"POST": changes(FLOW)},
    "publishing/<flow_id>/doors/": {"POST": changes(FLOW, sends=lambda world: {"door": "page"})},
    "publishing/<flow_id>/difference/": {"GET": shows(FLOW)},
    "publishing/<flow_id>/webhooks/<hook_id>/renewal/": {"POST": changes(FLOW)},
    "publishing/<flow_id>/schedules/<schedule_id>/pause/": {"POST": changes(FLOW)},
    # What was used, asked and said
    "api/usage": {"GET": reads()},
    "api/usage/runs": {"GET": reads()},
    "api/runs/<run_id>/costs": {"GET": reads(FLOW)},
    "api/prices": {"GET": reads()},
    "api/prices/<model_name>": {
        "PUT": administers("api", sends=lambda world: {"output_price": "0.5"}),
        "DELETE": administers("api", THING, done=204),
    },
    "api/bookkeeping": {
        "GET": reads(),
        "PATCH": administers("api", sends=lambda world: {"currency": "EUR"}),
    },
    "api/logs": {"GET": reads()},
    "api/logs/export": {"GET": reads()},
    "api/conversations": {"GET": reads()},
    "api/conversations/export": {"GET": reads()},
    "api/flows/<flow_id>/conversation": {
        "GET": reads(FLOW, done=404),  # of no name
        "DELETE": edits(FLOW, done=404),
    },
    "api/runs/<run_id>/sending": {"POST": edits(FLOW, done=204, sends=lambda world: {"to": "review"})},
    "usage/": {"GET": shows()},
    "usage/export/": {"GET": shows()},
    "usage/prices/": {
        "GET": shows(),
        "POST": administers("page", done=302, sends=lambda w: {"model": "starter"}),
    },
    "usage/prices/<price_id>/deletion/": {"POST": administers("page", THING, done=302)},
    "usage/bookkeeping/": {"POST": administers("page", done=302, sends=lambda world: {"currency": "EUR"})},
    "logs/": {"GET": shows()},
    "logs/export/": {"GET": shows()},
    "conversations/": {"GET": shows()},
    "conversations/export/": {"GET": shows()},
    "conversations/<flow_id>/": {"GET": shows(FLOW, done=404)},  # no conversation is named
    "conversations/<flow_id>/deletion/": {"POST": changes(FLOW, done=404)},
    "conversations/turns/<run_id>/": {"POST": changes(FLOW, sends=lambda world: {"to": "review"})},
}
