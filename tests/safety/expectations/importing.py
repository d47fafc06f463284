from tests.safety.expectations.flows import a_flow_file
from tests.safety.expectations.rules import THING, Rule, changes, edits, reads, shows

ROUTES: dict[str, dict[str, Rule]] = {
    "api/imports": {"GET": reads(), "POST": edits(done=201, sends=a_flow_file, form=True)},
    "api/imports/<import_id>": {"GET": reads(THING), "DELETE": edits(THING, 204)},
    "api/imports/<import_id>/completion": {"POST": edits(THING, 201, form=True)},
    "imports/": {"GET": shows(), "POST": changes(sends=a_flow_file)},
    "imports/<import_id>/": {"GET": shows(THING), "POST": changes(THING)},
}
