"""Every route x every method x every asker: the right answer, nothing changed that must not, nothing leaked."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.urls import get_resolver

from flowbuilder.api import api, flowise_api, openai_api
from flowbuilder.asgi import websocket_urlpatterns
from tests.safety.expectations import ASKERS, FLOW, ROUTES, SIGN_IN, SOCKETS, THING, Rule
from tests.safety.world.named import FLOW_SECRET, SECRET
from tests.safety.world.whole import World

METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
SAFE = {"GET", "HEAD", "OPTIONS"}
NOT_OFFERED = {401, 403, 404, 405, SIGN_IN, 302}
"""Answers to a method that a route does not offer: it is refused, or sent elsewhere before that is looked at."""
AT_BOTH_ENDS = ("owner", "viewer", "stranger", "nobody", "key", "key of another flow", "revoked key")
"""Who asks for what a route does not offer: whoever may do most and least, by session and by key."""
SHOWN = {200, 503}
"""HEAD and OPTIONS may also be answered like GET."""
WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
NOTED_ON_THE_WAY = re.compile(
    r'UPDATE "accounts_apikey" SET "last_used_at"'
    # With pgvector the search index lies in the database: it catches up with the rows before it answers, whoever asks.
    r'|(INSERT INTO|UPDATE|DELETE FROM) ("knowledge_indextables"|"?knowledge_index_(passages|words)_\d+)'
)
LOGGED = re.compile(r'INSERT INTO "accounts_auditevent"')
NINJA_PARAMETER = re.compile(r"{(?:[a-z]+:)?([a-z_]+)}")
FOLDERS = "|".join(re.escape(str(folder)) for folder in (settings.BASE_DIR, settings.HOME_DIR))
INSIDES = re.compile(rf"Traceback \(most recent|File &quot;|File \"|site-packages|/[a-z_]+\.py\b|{FOLDERS}")


def routes() -> Iterator[str]:
    """Every pattern of Django's resolver, as the table writes it: ``api/flows/<flow_id>``."""

    def walk(patterns: list[Any], before: str) -> Iterator[str]:
        for found in patterns:
            here = before + str(found.pattern)
            if hasattr(found, "url_patterns"):
                yield from walk(found.url_patterns, here)
            else:
                yield plain(here)

    yield from dict.fromkeys(walk(get_resolver().url_patterns, ""))


def plain(pattern: str) -> str:
    return re.sub(r"<\w+:(\w+)>", r"<\1>", pattern)


def operations() -> set[tuple[str, str]]:
    """Route and method of everything that the HTTP APIs offer."""
    return {
        (prefix + NINJA_PARAMETER.sub(r"<\1>", path).lstrip("/"), method)
        for mounted, prefix in ((api, "api/"), (openai_api, "v1/"), (flowise_api, "api/v1/"))
        for _, router in mounted._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }


def test_every_route_has_a_row():
    missing, gone = set(routes()) - set(ROUTES), set(ROUTES) - set(routes())
    assert not missing, (
        f"No row says who may ask {sorted(missing)}. Add one to ROUTES of its app in tests/safety/expectations/: "
        "for each method that it offers, which right it needs and what it is about."
    )
    assert not gone, f"Rows of ROUTES without a route, to be removed or renamed: {sorted(gone)}"


def test_every_operation_has_a_rule():
    told = {(route, method) for route in ROUTES for method in ROUTES[route]}
    missing = operations() - told
    assert not missing, f"Add the method's rule to its row in tests/safety/expectations/: {sorted(missing)}"


def test_every_socket_has_a_row():
    assert {plain(str(found.pattern)) for found in websocket_urlpatterns} == set(SOCKETS)


def ask(world: World, asker: str, method: str, route: str, rule: Rule | None, **client: Any) -> Any:
    """The answer, and what was written for it; whatever was done is undone."""
    body: Any = rule.sends(world) if rule and rule.sends else {}
    options: dict[str, Any] = {"content_type": "application/json"}
    if rule and rule.form:
        options = {}
    elif method in SAFE:
        body, options = {"q": "parcel"}, {}
    statements: list[str] = []

    def noted(execute: Any, sql: str, *rest: Any) -> Any:
        # Django's own log would have the database quote each parameter: half as many queries again.
        statements.append(str(sql))
        return execute(sql, *rest)

    with transaction.atomic(), connection.execute_wrapper(noted):
        asking = getattr(world.client(asker, **client), method.lower())
        answer = asking(world.path_of(route), body, **options)
        transaction.set_rollback(True)
    if method == "GET" and answer.headers.get("Content-Disposition", "").startswith("attachment"):
        # Reading a file changes nothing but the log of who read it.
        statements = [sql for sql in statements if not LOGGED.match(sql)]
    return answer, [sql for sql in statements if WRITE.match(sql) and not NOTED_ON_THE_WAY.match(sql)]


def outcome(answer: Any) -> int | str:
    to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/accounts/sign-in/")
    return SIGN_IN if to_sign_in and "next=" in answer["Location"] else answer.status_code


def text_of(answer: Any) -> str:
    return "" if answer.streaming else answer.content.decode(errors="replace")


@pytest.fixture
def world(redis_server, lasting_world, db, unhindered) -> World:
    return lasting_world


def test_what_is_written_is_noticed(world):
    answer, written = ask(world, "owner", "POST", "api/flows", ROUTES["api/flows"]["POST"])
    assert answer.status_code == 201 and any('INSERT INTO "flows_flow"' in sql for sql in written)


@pytest.mark.parametrize("route", ROUTES)
def test_the_right_answer(world, route):
    asked = [
        (method, asker)
        for method in METHODS
        for asker in (ASKERS if method in ROUTES[route] else AT_BOTH_ENDS)
    ]
    wrong = [complaint for method, asker in asked for complaint in complaints(world, asker, method, route)]
    assert not wrong, "\n" + "\n".join(wrong)


def complaints(world: World, asker: str, method: str, route: str) -> Iterator[str]:
    """What is wrong with one answer."""
    who, rule = ASKERS[asker].at(method, route), ROUTES[route].get(method)
    answer, written = ask(world, asker, method, route, rule)
    got, text, said = outcome(answer), text_of(answer), f"{method} /{route} by {asker}"
    if rule is not None and got != rule.answer(who):
        yield f"{said}: {got} instead of {rule.answer(who)}. {text[:300]}"
    elif rule is None and got not in NOT_OFFERED | (SHOWN if method in SAFE else set()):
        yield f"{said}: {got}, but the route's row in expectations/ does not offer this method. {text[:300]}"
    if written and (method in SAFE or isinstance(got, str) or got >= 400):
        yield f"{said}: {got}, but it wrote: {written[0][:200]}"
    if found := INSIDES.search(text):
        yield f"{said}: the answer shows our insides: '{found[0]}'"
    for name, about in ((SECRET, THING), (FLOW_SECRET, FLOW)):
        if about not in who.reach and name in text.replace(world.path_of(route), ""):
            yield f"{said}: the answer tells of '{name}'"


@pytest.mark.parametrize("route", ROUTES)
def test_a_session_writes_only_with_its_token(world, route):
    for method in set(METHODS) - SAFE:
        rule = ROUTES[route].get(method)
        if rule and rule.door == "public":
            continue
        answer, written = ask(world, "owner", method, route, rule, enforce_csrf_checks=True)
        expected = {403} if rule and rule.door in {"api", "page", "account"} else NOT_OFFERED
        assert answer.status_code in expected and not written, f"{method} /{route}: {answer.status_code}"


@pytest.mark.parametrize(
    "carrier",
    [
        {"X-Request-From": "internal"},
        {"X-Forwarded-User": "owner@example.test", "X-Forwarded-For": "127.0.0.1"},
        {"Remote-User": "owner@example.test"},
        {"Authorization": "Basic b3duZXJAZXhhbXBsZS50ZXN0OmNvcnJlY3QgaG9yc2UgYmF0dGVyeQ=="},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer None"},
        {"X-API-Key": "{key}"},
        {"Cookie": "key={key}; sessionid=None; Authorization=Bearer {key}"},
        {"X-HTTP-Method-Override": "GET"},
    ],
    ids=str,
)
def test_nothing_else_says_who_asks(world, carrier):
    headers = {name: value.format(key=world.secrets["key"]) for name, value in carrier.items()}
    key = world.secrets["key"]
    for path in ("/api/flows", "/v1/models", f"/api/flows?key={key}&access_token={key}&api_key={key}"):
        assert world.client("nobody").get(path, headers=headers).status_code == 401, path
    assert outcome(world.client("nobody").get("/?next=/", headers=headers)) == SIGN_IN
