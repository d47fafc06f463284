"""What a request is made of, and what its answer becomes."""

import json
from dataclasses import dataclass, field

import pytest

from nodes.base import NodeError
from nodes.services.requests import Auth, Response
from nodes.tools.http_request import HttpRequest, Pair
from nodes.types import Record


@dataclass
class FakeRequests:
    answer: Response = Response(status=200, headers={}, text='{"id": 7}')
    sent: list = field(default_factory=list)

    async def send(self, request):
        self.sent.append(request)
        return self.answer


@pytest.fixture
def requests():
    return FakeRequests()


@pytest.fixture
def run(make_context, requests):
    async def run(settings, **values):
        node = HttpRequest(**{"url": "https://api.example.com/items", **settings})
        found = await node.run(make_context(requests=requests), **values)
        return found, requests.sent[-1]

    return run


async def test_names_in_braces_are_inputs():
    node = HttpRequest(
        url="https://a.example/{{ id }}",
        query=(Pair(name="q", value="{{ words }}"),),
        headers=(Pair(name="X-Trace", value="{{ trace }}"),),
        body_type="json",
        body='{"a": {{ a }}, "id": "{{ id }}"}',
    )
    assert list(node.inputs()) == ["id", "words", "trace", "a"]
    assert "a" not in HttpRequest(body="{{ a }}").inputs()


async def test_an_answer_is_text_data_and_status(run, requests):
    found, sent = await run({})
    assert (found.text, found.data, found.status) == ('{"id": 7}', {"id": 7}, 200)
    assert (sent.method, sent.url, sent.content) == ("GET", "https://api.example.com/items", b"")
    requests.answer = Response(status=200, headers={}, text="<p>")
    assert (await run({}))[0].data is None


@pytest.mark.parametrize(
    ("url", "value", "address"),
    [
        ("https://a.example/i/{{ id }}", "7/../admin?x=1#", "https://a.example/i/7%2F..%2Fadmin%3Fx%3D1%23"),
        ("https://a.example/i?q={{ id }}", "a&b=c", "https://a.example/i?q=a%26b%3Dc"),
        ("{{ id }}/items", "https://a.example", "https://a.example/items"),
        ("https://{{ id }}.example/", "evil.test/", "https://evil.test%2F.example/"),
    ],
)
async def test_a_value_stays_in_its_place_of_the_address(run, url, value, address):
    assert (await run({"url": url}, id=value))[1].url == address


async def test_dots_lead_nowhere(run):
    with pytest.raises(NodeError, match="would lead elsewhere"):
        await run({"url": "https://a.example/users/{{ id }}"}, id="..")


async def test_the_query_is_added(run):
    settings = {"url": "https://a.example/?a=1", "query": ({"name": "q", "value": "{{ q }} &"},)}
    assert (await run(settings, q="Zürich"))[1].url == "https://a.example/?a=1&q=Z%C3%BCrich+%26"


@pytest.mark.parametrize(
    ("body", "values", "sent"),
    [
        ('{"q": {{ q }}}', {"q": 'say "hi"'}, {"q": 'say "hi"'}),
        ('{"q": "{{ q }}"}', {"q": '", "admin": true, "x": "'}, {"q": '", "admin": true, "x": "'}),
        ('{"q": "about {{ q }}!"}', {"q": 'a "b"\n'}, {"q": 'about a "b"\n!'}),
        ('{"q": {{ q }}}', {"q": Record(data={"a": [1]})}, {"q": {"a": [1]}}),
        ('{"q": "{{ q }}"}', {"q": 3}, {"q": 3}),
    ],
)
async def test_a_value_stays_in_its_place_of_the_json(run, body, values, sent):
    _, request = await run({"method": "POST", "body_type": "json", "body": body}, **values)
    assert json.loads(request.content) == sent and request.headers["Content-Type"] == "application/json"


async def test_forms_and_texts(run):
    _, form = await run({"body_type": "form", "body": "a={{ a }}\nb = 2=3"}, a="x&y")
    assert form.content == b"a=x%26y&b=2%3D3"
    _, text = await run(
        {
            "body_type": "text",
            "body": "Hi {{ a }}",
            "headers": ({"name": "content-type", "value": "text/csv"},),
        },
        a="Ü",
    )
    assert text.content == "Hi Ü".encode() and text.headers == {"content-type": "text/csv"}


async def test_a_secret_is_named_only(run):
    _, sent = await run({"auth": "header", "secret": "crm"})
    assert sent.auth == Auth(kind="header", secret="crm", name="X-API-Key")


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"url": " "}, "Setting 'url' is empty"),
        ({"auth": "bearer"}, "Setting 'secret': signing in by bearer needs one"),
        ({"auth": "basic", "secret": "x"}, "Setting 'auth_name'"),
        ({"body_type": "json", "body": "{"}, "Setting 'body' is no JSON"),
        ({"body_type": "form", "body": "a"}, "no line of a form"),
        ({"headers": ({"name": "X", "value": "a\nEvil: 1"},)}, "Setting 'headers'"),
    ],
)
async def test_errors_name_the_setting(run, settings, why):
    with pytest.raises(NodeError, match=why):
        await run(settings)


async def test_a_refusal_stops_or_goes_out(run, requests):
    requests.answer = Response(status=404, headers={}, text="no such\nitem")
    with pytest.raises(NodeError, match="status 404: no such item"):
        await run({})
    assert (await run({"fails": False}))[0].status == 404


async def test_without_the_service_it_says_so(make_context):
    with pytest.raises(NodeError, match="sends no requests"):
        await HttpRequest(url="https://a.example").run(make_context())
