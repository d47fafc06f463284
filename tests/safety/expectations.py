"""Who may do what: a row for every route, a rule for every method that it offers.

A new route needs a row here before the tests pass. Rules, by the door they stand at:

- ``reads``, ``runs``, ``edits``: an endpoint below ``/api/``, and the right that it needs. Their first argument
  says what the route is about: nothing (a list, or something new), ``FLOW`` (the flow in the path, its runs and
  versions), or ``THING`` (anything else with an id). What an asker cannot reach is a 404, never a 403.
- ``administers``: an endpoint or page for the workspace's owner and admins in their browser. A key is at most an
  editor, so none reads who did what.
- ``shows``, ``changes``, ``rates``: a page, and what a form on it does, for editors or for whoever runs flows. API keys open no page.
- ``calls``: the OpenAI-compatible endpoints. Sessions open none of them.
- ``account``: pages of signing in and out, with their answers to nobody and to whoever is signed in.
- ``public``: the same answer to everybody.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

NONE, READ, RUN, EDIT, ADMINISTER = range(5)
"""Rights, each with those before it."""

SIGN_IN = "sign in"
"""The answer that redirects to the sign-in page."""

FLOW, THING = "flow", "thing"


@dataclass(frozen=True)
class Who:
    """What an asker is, in words of the rules."""

    right: int = NONE
    by: str = ""
    """``session`` or ``key``; empty when they are nobody to us."""
    reach: frozenset[str] = frozenset()
    """What of the owner's workspace there is for them."""


EVERYTHING = frozenset({FLOW, THING})
ASKERS = {
    "owner": Who(ADMINISTER, "session", EVERYTHING),
    "admin": Who(ADMINISTER, "session", EVERYTHING),
    "editor": Who(EDIT, "session", EVERYTHING),
    "runner": Who(RUN, "session", EVERYTHING),
    "viewer": Who(READ, "session", EVERYTHING),
    "stranger": Who(ADMINISTER, "session"),
    "removed": Who(NONE, "session"),
    "nobody": Who(),
    "key": Who(EDIT, "key", EVERYTHING),
    "key of the flow": Who(RUN, "key", frozenset({FLOW})),
    "key of another flow": Who(RUN, "key"),
    "revoked key": Who(),
    "key of a viewer": Who(READ, "key", EVERYTHING),
    "key of somebody removed": Who(),
}


@dataclass(frozen=True)
class Rule:
    door: str
    needs: int = READ
    about: str = ""
    done: int = 200
    sends: Callable[[Any], dict[str, Any]] | None = None
    """From the world of the test, the body of the request: JSON to endpoints, a form to pages."""
    form: bool = False
    to_signed_in: int = 200

    def answer(self, who: Who) -> int | str:
        if self.door == "public":
            return self.done
        if self.door == "account":
            return self.to_signed_in if who.by == "session" else self.done
        if self.door == "page":
            if who.by != "session":
                return SIGN_IN
        elif who.right == NONE or (self.door == "v1" and who.by != "key"):
            return 401
        if self.about and self.about not in who.reach:
            return 404
        if who.right < self.needs and self.needs > READ:
            return 403
        return self.done


def reads(about: str = "", done: int = 200, **sent: Any) -> Rule:
    return Rule("api", READ, about, done, **sent)


def runs(about: str, done: int, **sent: Any) -> Rule:
    return Rule("api", RUN, about, done, **sent)


def edits(about: str = "", done: int = 200, **sent: Any) -> Rule:
    return Rule("api", EDIT, about, done, **sent)


def administers(door: str, about: str = "", done: int = 200, **sent: Any) -> Rule:
    return Rule(door, ADMINISTER, about, done, form=door == "page", **sent)


def calls(about: str = "", needs: int = READ, done: int = 200, **sent: Any) -> Rule:
    return Rule("v1", needs, about, done, **sent)


def shows(about: str = "", done: int = 200) -> Rule:
    return Rule("page", READ, about, done)


def changes(about: str = "", done: int = 302, **sent: Any) -> Rule:
    return Rule("page", EDIT, about, done, form=True, **sent)


def rates(about: str = "", done: int = 302, **sent: Any) -> Rule:
    """What a form does that needs the right to run."""
    return Rule("page", RUN, about, done, form=True, **sent)


def public(done: int = 200, **sent: Any) -> Rule:
    return Rule("public", done=done, form=not sent, **sent)


def account(nobody: int | str, signed_in: int | str, sent: int | str | None = None) -> dict[str, Rule]:
    """A form of allauth; ``sent`` is its answer to a signed-in person's empty form, where that differs."""
    shown = Rule("account", done=nobody, to_signed_in=signed_in, form=True)
    answered = replace(shown, to_signed_in=signed_in if sent is None else sent)
    return {"GET": shown, "POST": answered}


A_SECRET = {"value": "s3cret-value", "hosts": ["crm.example.com"]}


def a_file(world: Any) -> dict[str, Any]:
    return {"files": [SimpleUploadedFile("notes.txt", b"A parcel has an id.")]}


def a_flow_file(world: Any) -> dict[str, Any]:
    text = json.dumps({"format": "flowbuilder/flow", "version": 1, "name": "New"})
    return {"files": [SimpleUploadedFile("new.json", text.encode())]}


def some_answers(world: Any) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("answers.csv", b"question,answer\nHow heavy?,2 kg\n")}


def a_question(world: Any) -> dict[str, Any]:
    """Streamed: a whole answer would wait for a worker."""
    messages = [{"role": "user", "content": "Hello"}]
    return {"model": world.parameters["slug"], "messages": messages, "stream": True}


def a_visitor_s_question(world: Any) -> dict[str, Any]:
    return {"question": "Where is it?", "conversation": "00000000-0000-0000-0000-000000000001"}


def a_job(world: Any) -> dict[str, Any]:
    pair = {"prompt": "A parcel?", "chosen": "It has an id.", "rejected": "No."}
    return {"recipe": "reward_model", "data": {"pairs": [pair] * 4}}


def some_rows(world: Any) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("rows.jsonl", b'{"prompt": "A van?", "completion": "Yes."}')}


def of_base(world: Any) -> dict[str, Any]:
    return {"base": world.parameters["base_id"]}


def a_case(world: Any) -> dict[str, Any]:
    return {"question": "What has a parcel?", "expected_answer": "An id."}


def some_cases(world: Any) -> dict[str, Any]:
    line = b'{"question": "A van?", "expected_answer": "Yes."}'
    return {"file": SimpleUploadedFile("cases.jsonl", line)}


def a_recall_report(world: Any) -> dict[str, Any]:
    report = b"query,retrieved_ids,expected_ids\nA van?,1;2,1"
    return {"file": SimpleUploadedFile("report.csv", report)}


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


A_DESCRIPTION = {
    "text": "curl -X POST https://example.com/vans/7 -d '{}'",
    "example": '{"plate": "K-1"}',
}
AN_ORDER = {
    "recipe": "sft",
    "model": "starter@1",
    "source": "rows",
    "rows": '{"prompt": "A parcel?", "completion": "It has an id."}',
}
THUMBS_UP = {"kind": "thumbs", "up": True}
A_TEST = {"model": "starter", "challengers": [{"number": 2, "share": 10}]}
A_FORM = {
    **{"version": "starter@2", "share": 10, "metric": "good", "alias": "production"},
    **{"least": 100, "alpha": 0.05, "days": 14},
}
A_PROMPT = {"node": "prompt", "setting": "template"}
TWO_CASES = [{"question": "Where?", "expected": "Here."}, {"question": "Who?", "expected": "You."}]
A_SEARCH_S_FORM = {"written": "a => b\nc => d", "measure": "exact", "answers": 20}
A_LINE = {"prompt": "A parcel?", "completion": "It has an id."}
A_SEED = {"prompt": "Where is parcel PX-1?", "completion": "It is at the gate."}

ROUTES: dict[str, dict[str, Rule]] = {
    "language/": {"POST": public(302)},
    "healthz": {"GET": public(503)},  # 503: no worker runs beside these tests
    # Flows
    "api/openapi.json": dict.fromkeys(["GET", "POST", "PUT", "PATCH", "DELETE"], public()),
    "api/nodes": {"GET": reads()},
    "api/plugins": {"GET": reads()},
    "api/nodes/ports": {"POST": reads(sends=lambda world: {"type": "text.prompt"})},
    "api/templates": {
        "GET": reads(),
        "POST": edits(FLOW, 201, sends=lambda world: {"flow": world.parameters["flow_id"], "title": "New"}),
    },
    "api/templates/<template_id>": {"DELETE": edits(THING, done=204)},
    "api/flows": {"GET": reads(), "POST": edits(done=201, sends=lambda world: {"name": "New"})},
    "api/flow-files": {"GET": reads(), "POST": edits(done=201, sends=a_flow_file, form=True)},
    "api/flows/<flow_id>/file": {"GET": reads(FLOW)},
    "api/bots": {"POST": edits(done=201, sends=lambda world: {"name": "New", "description": "Chats."})},
    "api/bots/understanding": {"POST": reads(sends=lambda world: {"description": "Chats."})},
    "api/flows/<flow_id>": {
        "GET": reads(FLOW),
        "PUT": edits(FLOW, sends=lambda world: {"graph": world.graph, "revision": 1}),
        "DELETE": edits(FLOW, done=204),
    },
    "api/flows/drafts": {"POST": edits(sends=lambda world: {"words": "Chats."})},
    "api/flows/<flow_id>/edits": {
        "GET": reads(FLOW),
        "POST": edits(
            FLOW, sends=lambda world: {"client": "tab", "number": 1, "revision": 1, "name": "Heron 2"}
        ),
    },
    "api/flows/<flow_id>/validate": {"POST": reads(FLOW, sends=lambda world: {})},
    "api/flows/<flow_id>/versions": {
        "GET": reads(FLOW),
        "POST": edits(FLOW, done=201, sends=lambda world: {}),
    },
    "api/flows/<flow_id>/versions/<number>": {
        "GET": reads(FLOW),
        "PATCH": edits(FLOW, sends=lambda world: {"name": "Heron 1"}),
    },
    "api/flows/<flow_id>/publication": {
        "GET": reads(FLOW),
        "PUT": edits(FLOW, sends=lambda world: {"version": 1}),
    },
    "api/flows/<flow_id>/publication/rollbacks": {"POST": edits(FLOW, done=409)},  # nothing was live before
    "api/flows/<flow_id>/difference": {"GET": reads(FLOW)},
    # Prompts
    "api/flows/<flow_id>/prompts": {"GET": reads(FLOW)},
    "api/flows/<flow_id>/rewrites": {"POST": edits(FLOW, sends=lambda world: {**A_PROMPT, "model": "rules"})},
    "api/flows/<flow_id>/searches": {
        "GET": reads(FLOW),
        "POST": edits(FLOW, done=202, sends=lambda world: {**A_PROMPT, "cases": TWO_CASES}),
    },
    "api/searches/<search_id>": {"GET": reads(FLOW)},
    "api/searches/<search_id>/cancellation": {"POST": edits(FLOW, done=202)},
    # Runs
    "api/flows/<flow_id>/runs": {"GET": reads(FLOW), "POST": runs(FLOW, 202, sends=lambda world: {})},
    "api/runs/<run_id>": {"GET": reads(FLOW)},
    "api/runs/<run_id>/events": {"GET": reads(FLOW)},
    "api/runs/<run_id>/graph": {"GET": reads(FLOW)},
    "api/runs/<run_id>/waits/<node>": {"POST": runs(FLOW, 404, sends=lambda world: {})},  # it waits nowhere
    "api/runs/<run_id>/cancellation": {"POST": runs(FLOW, 202)},
    "api/runs/<run_id>/resumption": {"POST": runs(FLOW, 202)},
    "api/waits": {"GET": reads()},
    # Triggers
    "api/flows/<flow_id>/triggers": {"GET": reads(FLOW)},
    "api/hooks/<hook_id>/<token>": {"POST": public(404, sends=lambda world: {})},  # the token is guessed
    "api/hooks/<hook_id>/renewal": {"POST": edits(FLOW)},
    "api/schedules/<schedule_id>": {"PATCH": edits(FLOW, sends=lambda world: {"paused": True})},
    "api/schedules/times": {"GET": reads(done=422)},  # of no expression
    "api/variables": {"GET": reads()},
    "api/variables/<variable>": {
        "GET": reads(THING),
        "PUT": edits(sends=lambda world: {"value": 42}),
        "DELETE": edits(THING, done=204),
    },
    # Feedback
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
    # Datasets
    "api/datasets": {
        "GET": reads(),
        "POST": edits(done=201, sends=lambda world: {"name": "new", "kind": "prompts"}),
    },
    "api/datasets/<dataset_id>": {"GET": reads(THING), "DELETE": edits(THING, done=204)},
    "api/datasets/<dataset_id>/versions": {
        "GET": reads(THING),
        "POST": edits(THING, done=201, sends=lambda world: {}),
    },
    "api/datasets/<dataset_id>/difference": {"GET": reads(THING)},
    "api/datasets/<dataset_id>/rows": {
        "GET": reads(THING),
        "POST": edits(THING, done=201, sends=lambda world: {"content": A_LINE}),
    },
    "api/datasets/<dataset_id>/rows/<row_id>": {
        "PUT": edits(THING, sends=lambda world: {"content": A_LINE}),
        "DELETE": edits(THING, done=204),
    },
    "api/datasets/<dataset_id>/rows/<row_id>/restoration": {"POST": edits(THING, done=201)},
    "api/datasets/<dataset_id>/rows/<row_id>/history": {"GET": reads(THING)},
    "api/datasets/<dataset_id>/rows/<row_id>/split": {
        "PUT": edits(THING, sends=lambda world: {"split": "train", "reason": "Because."})
    },
    "api/datasets/<dataset_id>/statistics": {"GET": reads(THING)},
    "api/datasets/<dataset_id>/duplicates": {"DELETE": edits(THING)},
    "api/datasets/<dataset_id>/import": {"POST": edits(THING, done=201, sends=some_rows, form=True)},
    "api/datasets/<dataset_id>/export": {"GET": reads(THING)},
    "api/datasets/<dataset_id>/augmentations": {
        "GET": reads(THING),
        "POST": edits(THING, done=202, sends=lambda world: {"seeds": [A_SEED]}),
    },
    "api/augmentations/<augmentation_id>": {"GET": reads(THING)},
    "api/augmentations/<augmentation_id>/cancellation": {"POST": edits(THING, done=202)},
    "api/datasets/<dataset_id>/collection": {"POST": edits(THING, sends=lambda world: {})},
    # Knowledge
    "api/knowledge": {"GET": reads(), "POST": edits(done=201, sends=lambda world: {"name": "New"})},
    "api/knowledge/<base_id>": {"GET": reads(THING), "DELETE": edits(THING, done=204)},
    "api/knowledge/<base_id>/documents": {
        "GET": reads(THING),
        "POST": edits(THING, done=202, sends=a_file, form=True),
    },
    "api/knowledge/<base_id>/embedder": {
        "GET": reads(THING),
        "PUT": edits(THING, done=202, sends=lambda world: {"embedder": "nobody/nothing"}),
        "DELETE": edits(THING, done=204),
    },
    "api/knowledge/<base_id>/search": {
        "GET": reads(THING),
        "POST": reads(THING, sends=lambda world: {"question": "What has a parcel?"}),
    },
    "api/knowledge/<base_id>/questions": {
        "POST": reads(THING, done=202, sends=lambda world: {"question": "What has a parcel?"})
    },
    "api/runs/<run_id>/correction": {
        "POST": edits(FLOW, done=201, sends=lambda world: {"answer": "It has an id."} | of_base(world)),
    },
    "api/test-sets": {
        "GET": reads(),
        "POST": edits(THING, done=201, sends=lambda world: {"name": "New"} | of_base(world)),
    },
    "api/test-sets/<set_id>": {"GET": reads(THING), "DELETE": edits(THING, done=204)},
    "api/test-sets/<set_id>/cases": {"GET": reads(THING), "POST": edits(THING, done=201, sends=a_case)},
    "api/test-sets/<set_id>/cases/<case_id>": {
        "PUT": edits(THING, sends=a_case),
        "DELETE": edits(THING, done=204),
    },
    "api/test-sets/<set_id>/import": {"POST": edits(THING, done=201, sends=some_cases, form=True)},
    "api/test-sets/<set_id>/export": {"GET": reads(THING)},
    "api/test-sets/<set_id>/runs": {
        "GET": reads(THING),
        "POST": edits(THING, done=202, sends=lambda world: {}),
    },
    "api/test-runs/<test_run_id>": {"GET": reads(THING)},
    "api/test-runs/<test_run_id>/cancellation": {"POST": edits(THING, done=202)},
    "api/test-runs/<test_run_id>/comparison": {"GET": reads(THING)},
    "api/test-runs/<test_run_id>/recall": {"GET": reads(THING)},
    "api/recall-reports": {"POST": reads(sends=a_recall_report, form=True)},
    # API descriptions
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
    "api/knowledge/<base_id>/addresses": {
        "POST": edits(THING, done=202, sends=lambda world: {"url": "https://example.test/guide"})
    },
    "api/knowledge/<base_id>/texts": {
        "POST": edits(THING, done=202, sends=lambda world: {"text": "# Parcel"})
    },
    "api/knowledge/<base_id>/splitting": {
        "GET": reads(THING),
        "PUT": edits(THING, sends=lambda world: {"method": "sentence"}),
    },
    "api/knowledge/<base_id>/metadata": {
        "POST": edits(
            THING,
            sends=lambda world: {"documents": [str(world.parameters["document_id"])], "put": {"year": 1}},
        )
    },
    "api/knowledge/<base_id>/answers": {
        "GET": reads(THING),
        "POST": edits(THING, done=201, sends=lambda world: {"question": "How heavy?", "answer": "2 kg"}),
    },
    "api/documents/<document_id>": {
        "GET": reads(THING),
        "PATCH": edits(THING, sends=lambda world: {"enabled": False}),
        "DELETE": edits(THING, done=204),
    },
    "api/documents/<document_id>/text": {"GET": reads(THING)},
    "api/documents/<document_id>/splitting": {
        "GET": reads(THING),
        "PUT": edits(THING, done=202, sends=lambda world: {"splitting": {"method": "sentence"}}),
    },
    "api/documents/<document_id>/splitting/preview": {
        "POST": reads(THING, sends=lambda world: {"method": "sentence"})
    },
    "api/documents/<document_id>/indexing": {"POST": edits(THING, done=202), "DELETE": edits(THING)},
    "api/documents/<document_id>/passages": {
        "GET": reads(THING),
        "POST": edits(THING, done=201, sends=lambda world: {"text": "A parcel."}),
    },
    "api/passages/<passage_id>": {
        "GET": reads(THING),
        "PATCH": edits(THING, sends=lambda world: {"text": "A parcel."}),
        "DELETE": edits(THING, done=204),
    },
    # Models
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
    # Training
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
    # Evaluations
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
    # Audit log
    "api/audit": {"GET": administers("api")},
    # Improvement; 409: nobody has said enough of the flow's answers yet
    "api/flows/<flow_id>/improvement": {"GET": reads(FLOW)},
    "api/flows/<flow_id>/improvements": {
        "GET": reads(FLOW),
        "POST": edits(FLOW, done=409, sends=lambda world: {}),
    },
    "api/improvements/<improvement_id>": {"GET": reads(FLOW)},
    # A/B tests
    "api/abtests": {"GET": reads(), "POST": edits(done=201, sends=lambda world: A_TEST)},
    "api/abtests/<test_id>": {"GET": reads(THING), "DELETE": edits(THING, done=204)},
    "api/abtests/<test_id>/cancellation": {"POST": edits(THING, done=409)},  # it has ended
    "api/abtests/<test_id>/promotion": {"POST": edits(THING, sends=lambda world: {})},
    # Publishing: doors for editors; behind them, everybody with a visitor's pass
    "api/flows/<flow_id>/doors": {
        "GET": reads(FLOW),
        "PATCH": edits(FLOW, sends=lambda world: {"page": False}),
    },
    "api/chat/<address>/questions": {"POST": public(202, sends=a_visitor_s_question)},
    "api/chat/<address>/questions/<turn_id>": {"GET": public()},
    "api/chat/<address>/questions/<turn_id>/events": {"GET": public()},
    "api/chat/<address>/questions/<turn_id>/cancellation": {"POST": public(202)},
    "api/chat/<address>/questions/<turn_id>/rating": {
        "PUT": public(204, sends=lambda world: {"up": True}),
    },
    # Keys
    "api/keys": {"GET": reads(), "POST": edits(done=201, sends=lambda world: {"name": "ci"})},
    "api/keys/<key_id>": {"DELETE": edits(THING, done=204)},
    "api/secrets": {"GET": reads(), "POST": edits(done=201, sends=lambda world: A_SECRET | {"name": "crm"})},
    "api/secrets/<secret_id>": {
        "PUT": edits(THING, sends=lambda world: A_SECRET),
        "DELETE": edits(THING, done=204),
    },
    "api/": {"GET": public(404)},
    # OpenAI-compatible
    "v1/models": {"GET": calls()},
    "v1/models/<slug>": {"GET": calls(FLOW)},
    "v1/chat/completions": {"POST": calls(FLOW, RUN, sends=a_question)},
    "v1/": {"GET": public(404)},
    # Signing in
    "accounts/sign-in/": account(200, 302),
    "accounts/sign-out/": account(302, 200, sent=302),
    "accounts/password/": account(SIGN_IN, 200),
    "accounts/sign-up/": account(200, 302),
    "accounts/reset/": account(200, 200),
    "accounts/reset/done/": {"GET": public()},
    "accounts/reset/key/<uidb36>-<key>/": account(200, 200),
    "accounts/reset/key/done/": {"GET": public()},
    "accounts/inactive/": {"GET": public()},
    "accounts/reauthenticate/": account(SIGN_IN, 200),
    "accounts/setup/<token>/": {"GET": public(404), "POST": public(404)},
    # Pages
    "": {"GET": shows()},
    "bots/new/": {
        "GET": shows(),
        "POST": changes(sends=lambda world: {"name": "New", "description": "Chats."}),
    },
    "gallery/": {"GET": shows(), "POST": changes(sends=lambda world: {"name": "New"})},
    "nodes/": {"GET": shows()},
    "nodes/<type_id>/": {"GET": shows()},
    "flows/files/": {"GET": shows(), "POST": changes(done=200, sends=a_flow_file)},
    "flows/<flow_id>/": {"GET": shows(FLOW)},
    "flows/<flow_id>/prompts/": {"GET": shows(FLOW)},
    "flows/<flow_id>/prompts/use/": {
        "POST": changes(FLOW, sends=lambda world: {**A_PROMPT, "text": "Say {{ said }}", "revision": 1})
    },
    "flows/<flow_id>/prompts/searches/": {
        "POST": changes(FLOW, sends=lambda world: {**A_PROMPT, **A_SEARCH_S_FORM})
    },
    "flows/<flow_id>/prompts/searches/<search_id>/": {"GET": shows(FLOW)},
    "flows/<flow_id>/prompts/searches/<search_id>/cancellation/": {"POST": changes(FLOW)},
    "flows/<flow_id>/deletion/": {"POST": changes(FLOW)},
    "flows/<flow_id>/template/": {"GET": changes(FLOW, done=200), "POST": changes(FLOW)},
    "gallery/<template_id>/deletion/": {"POST": changes(THING)},
    "audit/": {"GET": administers("page")},
    "knowledge/": {"GET": shows(), "POST": changes(sends=lambda world: {"name": "New"})},
    "knowledge/<base_id>/": {"GET": shows(THING)},
    "knowledge/<base_id>/deletion/": {"POST": changes(THING)},
    "knowledge/<base_id>/documents/": {"POST": changes(THING, done=200, sends=a_file)},
    "knowledge/<base_id>/documents/changes/": {
        "POST": changes(
            THING, sends=lambda world: {"document": str(world.parameters["document_id"]), "action": "off"}
        )
    },
    "knowledge/<base_id>/sources/": {"POST": changes(THING, sends=lambda world: {"text": "# Parcel"})},
    "knowledge/<base_id>/settings/": {
        "GET": shows(THING),
        "POST": changes(THING, sends=lambda world: {"method": "sentence"}),
    },
    "knowledge/<base_id>/answers/": {
        "GET": shows(THING),
        "POST": changes(THING, sends=lambda world: {"question": "How heavy?", "answer": "2 kg"}),
    },
    "knowledge/<base_id>/answers/import/": {"POST": changes(THING, done=200, sends=some_answers)},
    "knowledge/<base_id>/embedder/": {
        "GET": shows(THING),
        "POST": changes(THING, sends=lambda world: {"other": "nobody/nothing"}),
    },
    "knowledge/<base_id>/search/": {"GET": shows(THING)},
    "debugging/<base_id>/": {
        "GET": shows(THING),
        "POST": Rule("page", READ, THING, form=True, sends=lambda world: {"q": "A parcel?", "flow": "none"}),
    },
    "debugging/<base_id>/flow/": {"POST": changes(THING)},
    "debugging/<base_id>/runs/<run_id>/": {"GET": shows(THING)},
    "debugging/<base_id>/runs/<run_id>/correction/": {
        "POST": changes(THING, sends=lambda world: {"answer": "It has an id."})
    },
    "tests/of/<base_id>/": {
        "GET": shows(THING),
        "POST": changes(THING, sends=lambda world: {"name": "New"}),
    },
    "tests/recall/": {
        "GET": shows(),
        "POST": Rule("page", READ, form=True, sends=a_recall_report),
    },
    "tests/<set_id>/": {"GET": shows(THING)},
    "tests/<set_id>/deletion/": {"POST": changes(THING)},
    "tests/<set_id>/cases/": {"POST": changes(THING, sends=a_case)},
    "tests/<set_id>/cases/<case_id>/deletion/": {"POST": changes(THING)},
    "tests/<set_id>/import/": {"POST": changes(THING, sends=some_cases)},
    "tests/<set_id>/runs/": {"POST": changes(THING)},
    "tests/runs/<test_run_id>/": {"GET": shows(THING)},
    "tests/runs/<test_run_id>/cancellation/": {"POST": changes(THING)},
    "knowledge/documents/<document_id>/": {"GET": shows(THING)},
    "knowledge/documents/<document_id>/text/": {"GET": shows(THING)},
    "knowledge/documents/<document_id>/splitting/": {
        "GET": shows(THING),
        "POST": changes(THING, sends=lambda world: {"method": "sentence"}),
    },
    "knowledge/documents/<document_id>/metadata/": {
        "POST": changes(THING, sends=lambda world: {"name": "year", "value": "2026"})
    },
    "knowledge/documents/<document_id>/switch/": {
        "POST": changes(THING, sends=lambda world: {"enabled": "no"})
    },
    "knowledge/documents/<document_id>/cancellation/": {"POST": changes(THING)},
    "knowledge/documents/<document_id>/passages/": {
        "POST": changes(THING, sends=lambda world: {"text": "A parcel."})
    },
    "knowledge/passages/<passage_id>/": {
        "GET": shows(THING, done=302),
        "POST": changes(THING, sends=lambda world: {"text": "A parcel."}),
    },
    "knowledge/passages/<passage_id>/switch/": {
        "POST": changes(THING, sends=lambda world: {"enabled": "no"})
    },
    "knowledge/passages/<passage_id>/deletion/": {"POST": changes(THING)},
    "knowledge/documents/<document_id>/deletion/": {"POST": changes(THING)},
    "knowledge/documents/<document_id>/indexing/": {"POST": changes(THING)},
    "apis/": {"GET": shows(), "POST": changes(sends=lambda world: A_DESCRIPTION)},
    "apis/<description_id>/": {"GET": shows(THING)},
    "apis/<description_id>/revisions/": {"POST": changes(THING, sends=lambda world: A_DESCRIPTION)},
    "apis/<description_id>/deletion/": {"POST": changes(THING)},
    "apis/operations/<operation_id>/": {"GET": shows(THING)},
    "feedback/": {"GET": shows()},
    "feedback/<rating_id>/withdrawal/": {"POST": changes(FLOW)},
    "feedback/review/": {"GET": shows()},
    "datasets/": {
        "GET": shows(),
        "POST": changes(
            sends=lambda world: {"name": "new", "kind": "prompts", "train_share": 80, "validation_share": 10}
        ),
    },
    "datasets/<dataset_id>/": {"GET": shows(THING)},
    "datasets/<dataset_id>/deletion/": {"POST": changes(THING)},
    "datasets/<dataset_id>/writing/": {"POST": changes(THING, sends=lambda world: A_LINE)},
    "datasets/<dataset_id>/import/": {"POST": changes(THING, sends=some_rows)},
    "datasets/<dataset_id>/collection/": {"POST": changes(THING)},
    "datasets/<dataset_id>/duplicates/": {"POST": changes(THING)},
    "datasets/<dataset_id>/rows/<row_id>/": {
        "GET": shows(THING),
        "POST": changes(THING, done=200, sends=lambda world: A_LINE),
    },
    "datasets/<dataset_id>/rows/<row_id>/removal/": {"POST": changes(THING)},
    "datasets/<dataset_id>/rows/<row_id>/restoration/": {"POST": changes(THING)},
    "datasets/<dataset_id>/rows/<row_id>/history/": {"GET": shows(THING)},
    "datasets/<dataset_id>/rows/<row_id>/split/": {
        "POST": changes(THING, sends=lambda world: {"split": "train", "reason": "Because."})
    },
    "datasets/<dataset_id>/versions/": {"GET": shows(THING), "POST": changes(THING)},
    "datasets/<dataset_id>/difference/": {"GET": shows(THING)},
    "datasets/<dataset_id>/statistics/": {"GET": shows(THING)},
    "feedback/review/<item_id>/": {"POST": rates(FLOW, sends=lambda world: {"verdict": "skip"})},
    "feedback/review/pairs/<comparison_id>/": {"POST": rates(FLOW, sends=lambda world: {"better": "equal"})},
    "feedback/review/rankings/<run_id>/": {
        "POST": rates(FLOW, sends=lambda world: {"node": "reply", "skip": "on"})
    },
    "feedback/<rating_id>/gold/": {"POST": changes(FLOW)},
    "feedback/gold/": {"GET": Rule("page", EDIT), "POST": changes(done=422)},
    "feedback/gold/frequency/": {"POST": changes(sends=lambda world: {"every": 20})},
    "feedback/gold/<gold_id>/deletion/": {"POST": changes(FLOW)},
    "datasets/<dataset_id>/synthesis/": {
        "GET": shows(THING),
        "POST": changes(THING, sends=lambda world: {"method": "perturb", "seeds": json.dumps(A_SEED)}),
    },
    "datasets/<dataset_id>/synthesis/<augmentation_id>/cancellation/": {"POST": changes(THING)},
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
    "abtests/": {"GET": shows(), "POST": changes(sends=lambda world: A_FORM)},
    "abtests/<test_id>/": {"GET": shows(THING)},
    "abtests/<test_id>/cancellation/": {"POST": changes(THING, done=409)},
    "abtests/<test_id>/promotion/": {"POST": changes(THING)},
    "abtests/<test_id>/deletion/": {"POST": changes(THING)},
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
    "improvement/flows/<flow_id>/": {
        "GET": shows(FLOW),
        "POST": changes(FLOW, done=409, sends=lambda world: {"recipe": "grpo", "effort": "quick"}),
    },
    "improvement/<improvement_id>/": {"GET": shows(FLOW)},
    "waiting/": {"GET": shows()},
    "waiting/count/": {"GET": shows()},
    "waiting/<wait_id>/": {"POST": rates(FLOW, sends=lambda world: {"outcome": "refused"})},
    "variables/": {"GET": shows(), "POST": changes(sends=lambda world: {"name": "new", "value": "1"})},
    "variables/<variable_id>/deletion/": {"POST": changes(THING)},
    "chat/<address>/": {"GET": public()},
    "chat/<address>/frame/": {"GET": public()},
    "publishing/<flow_id>/": {"GET": shows(FLOW), "POST": changes(FLOW)},
    "publishing/<flow_id>/publication/": {"POST": changes(FLOW)},
    "publishing/<flow_id>/rollback/": {"POST": changes(FLOW, done=409)},  # nothing was live before
    "publishing/<flow_id>/doors/": {"POST": changes(FLOW, sends=lambda world: {"door": "page"})},
    "publishing/<flow_id>/difference/": {"GET": shows(FLOW)},
    "publishing/<flow_id>/webhooks/<hook_id>/renewal/": {"POST": changes(FLOW)},
    "publishing/<flow_id>/schedules/<schedule_id>/pause/": {"POST": changes(FLOW)},
    "keys/": {"GET": shows(), "POST": changes(done=200, sends=lambda world: {"name": "ci"})},
    "keys/<key_id>/revocation/": {"POST": changes(THING)},
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

SOCKETS: dict[str, int] = {"ws/runs/<run_id>": READ, "ws/flows/<flow_id>": READ}
"""Each with the right that it needs; all are about the flow, by session only."""
