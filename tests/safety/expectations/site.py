from tests.safety.expectations.rules import Rule, public, shows

ROUTES: dict[str, dict[str, Rule]] = {
    "language/": {"POST": public(302)},
    "healthz": {"GET": public(503)},  # 503: no worker runs beside these tests
    "api/openapi.json": dict.fromkeys(["GET", "POST", "PUT", "PATCH", "DELETE"], public()),
    "api/": {"GET": public(404)},
    "": {"GET": shows()},
}
