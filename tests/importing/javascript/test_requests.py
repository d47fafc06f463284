"""Scripts that only ask another system are the request that they make."""

import pytest

from flowbuilder.importing.flowise.scripts import as_node
from flowbuilder.importing.javascript.requests import asking
from flowbuilder.importing.javascript.syntax import Untranslatable

POST = """
const fetch = require('node-fetch');
const token = 'secret-canary';
const body = {to: $to, tags: ['a', `b-${$tag}`], note: "{{ braces }}"};
if ($more) body.more = $more;
const options = {method: 'POST', headers: {'Authorization': `Bearer ${token}`, 'X-Trace': '1', 'Content-Type': 'application/json'}, body: JSON.stringify(body)};
try {
    const response = await fetch(`https://api.example.com/items/${$id}?x=1`, options);
    if (!response.ok) { throw new Error(`no: ${response.status}`) }
    return await response.text();
} catch (error) { console.error(error); return '' }
"""


def test_its_variables_are_put_together():
    found = asking(POST)
    assert (found.method, found.url) == ("POST", "https://api.example.com/items/{{ id }}?x=1")
    assert (
        found.body
        == '{"to": {{ to }}, "tags": ["a", "b-{{ tag }}"], "note": "{ { braces } }", "more": {{ more }}}'
    )
    assert found.told == ["What it sent only where it was given is always sent."]


def test_it_becomes_a_node_that_signs_in_by_a_secret():
    node = as_node(POST)
    assert node.type == "tools.http_request" and "secret-canary" not in str(node)
    assert (node.settings["auth"], node.settings["headers"]) == (
        "bearer",
        [{"name": "X-Trace", "value": "1"}],
    )
    assert node.host == "api.example.com" and node.takes["$id"] == "id"


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("await fetch($a); await fetch($b)", "more than once"),
        ("for (const u of $urls) { await fetch(u) }", "more than one request"),
        ("return Promise.all($urls.map(u => fetch(u)))", "more than one request"),
        ("const u = location.href; return fetch(u)", "only known when it runs"),
        ("if ($a) { return fetch('x') } else { return fetch('y') }", "decides by"),
        ("return 1", "asks nothing"),
    ],
)
def test_what_is_more_than_one_request_is_none(script, why):
    with pytest.raises(Untranslatable, match=why):
        asking(script)


def test_other_scripts_have_other_nodes():
    assert as_node("// fetching\nreturn [1]").type == "tools.code"
    clock = as_node("const o = {timeZone: 'Europe/Vienna'}; return new Date().toLocaleString('de', o)")
    assert (clock.type, clock.settings) == ("tools.date", {"time_zone": "Europe/Vienna"})
    reads = as_node("const { Pool } = require('pg'); const q = $sql; return new Pool().query(q)")
    assert (reads.type, reads.takes) == ("tools.sql_query", {"$sql": "sql"})
