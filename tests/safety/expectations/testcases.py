from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.safety.expectations.bodies import of_base
from tests.safety.expectations.rules import READ, THING, Rule, changes, edits, reads, shows


def a_case(world: Any) -> dict[str, Any]:
    return {"question": "What has a parcel?", "expected_answer": "An id."}


def some_cases(world: Any) -> dict[str, Any]:
    line = b'{"question": "A van?", "expected_answer": "Yes."}'
    return {"file": SimpleUploadedFile("cases.jsonl", line)}


def a_recall_report(world: Any) -> dict[str, Any]:
    report = b"query,retrieved_ids,expected_ids\nA van?,1;2,1"
    return {"file": SimpleUploadedFile("report.csv", report)}


ROUTES: dict[str, dict[str, Rule]] = {
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
}
