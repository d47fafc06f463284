import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.safety.expectations.bodies import A_LINE
from tests.safety.expectations.rules import THING, Rule, changes, edits, reads, shows


def some_rows(world: Any) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("rows.jsonl", b'{"prompt": "A van?", "completion": "Yes."}')}


A_SEED = {"prompt": "Where is parcel PX-1?", "completion": "It is at the gate."}


ROUTES: dict[str, dict[str, Rule]] = {
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
    "datasets/<dataset_id>/synthesis/": {
        "GET": shows(THING),
        "POST": changes(THING, sends=lambda world: {"method": "perturb", "seeds": json.dumps(A_SEED)}),
    },
    "datasets/<dataset_id>/synthesis/<augmentation_id>/cancellation/": {"POST": changes(THING)},
}
