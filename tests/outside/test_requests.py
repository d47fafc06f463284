"""Requests go to listed hosts, with secrets that nobody sees, and end at their limits."""

import asyncio
import base64
import json
import uuid

import pytest
from asgiref.sync import sync_to_async

from flowbuilder.outside import requests as sending
from flowbuilder.outside.requests import NodeRequests
from flowbuilder.secrets import services
from nodes.base import NodeError
from nodes.services.requests import Auth, Request

CANARY = "canary/7f3a+9c="


@pytest.fixture
def send(echo, monkeypatch):
    monkeypatch.setattr(sending, "_pause", lambda *_: 0)

    async def send(path="/x", workspace=None, **fields):
        url = path if path.startswith("http") else echo.url + path
        return await NodeRequests(workspace or uuid.uuid4()).send(
            Request(**{"method": "GET", "url": url, **fields})
        )

    return send


async def test_what_is_asked_arrives(send):
    answer = await send(
        "/items?a=1", method="POST", headers={"X-Trace": "7", "Host": "evil.test"}, content=b'{"q": 1}'
    )
    assert answer.ok and answer.data["body"] == '{"q": 1}' and answer.data["query"] == [["a", "1"]]
    assert answer.data["headers"]["x-trace"] == "7" and "evil.test" not in answer.text


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.test/", "'example.test' is not among the hosts that may be asked"),
        ("http://127.0.0.1:1/", "not among the hosts"),
        ("http://169.254.169.254/latest/meta-data", "not among the hosts"),
        ("file:///etc/passwd", "http:// or https://"),
        ("gopher://127.0.0.1/", "http:// or https://"),
        ("not an address", "http:// or https://"),
    ],
)
async def test_other_hosts_are_not_asked(send, echo, url, why):
    with pytest.raises(NodeError, match=why):
        await NodeRequests(uuid.uuid4()).send(Request(method="GET", url=url))
    assert echo.asked == []


async def test_a_redirect_is_checked_anew(send, echo):
    assert (await send("/moved?to=/there")).data["path"] == "/there"
    with pytest.raises(NodeError, match="not among the hosts"):
        await send("/moved?to=http://169.254.169.254/")
    with pytest.raises(NodeError, match="redirects more than 5 times"):
        await send("/round")
    assert (await send("/moved?to=/there", method="POST", content=b"x")).status == 302


async def test_a_busy_server_is_asked_again(send, echo):
    assert (await send("/busy", tries=3)).status == 200 and len(echo.asked) == 3
    echo.busy = 2
    assert (await send("/busy")).status == 503


async def test_limits_are_named(send, echo):
    with pytest.raises(NodeError, match="more than 5 MB"):
        await send("/big")
    with pytest.raises(NodeError, match="more than 5 MB"):
        await send("/x", method="POST", content=b"x" * (6 * 2**20))


async def test_nobody_there(send, settings):
    settings.FLOWBUILDER_OUTBOUND_HOSTS = ["127.0.0.1:9"]
    with pytest.raises(NodeError, match=r"127.0.0.1:9 cannot be reached"):
        await send("http://127.0.0.1:9/", tries=2)


async def test_a_slow_server_is_left(send, settings):
    async def silent(reader, writer):
        await asyncio.sleep(30)

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    settings.FLOWBUILDER_OUTBOUND_HOSTS = [f"127.0.0.1:{port}"]
    with pytest.raises(NodeError, match="did not answer within 0.2 s"):
        await send(f"http://127.0.0.1:{port}/", seconds=0.2)
    server.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["bearer", "basic", "header", "query"])
async def test_a_secret_arrives_and_never_comes_back(send, echo, asker, kind, caplog):
    caplog.set_level("DEBUG")
    await sync_to_async(services.keep)(asker=asker, name="crm", value=CANARY, hosts=[echo.host])
    name = {"basic": "ann", "header": "X-Key", "query": "key"}.get(kind, "")
    answer = await send("/status/401", asker.workspace.pk, auth=Auth(kind=kind, secret="crm", name=name))
    asked = echo.asked[0]
    basic = base64.b64encode(f"ann:{CANARY}".encode()).decode()
    wanted = {
        "bearer": ("authorization", f"Bearer {CANARY}"),
        "basic": ("authorization", f"Basic {basic}"),
        "header": ("x-key", CANARY),
    }
    if kind == "query":
        assert asked["query"] == [("key", CANARY)]
    else:
        header, value = wanted[kind]
        assert asked["headers"][header] == value
    told = json.dumps(answer.__dict__, ensure_ascii=False) + caplog.text
    assert "[secret crm]" in answer.text or kind == "header"
    assert all(form not in told for form in (CANARY, basic, CANARY[:6]))


@pytest.mark.django_db(transaction=True)
async def test_a_secret_stays_with_its_host(send, echo, asker, settings):
    await sync_to_async(services.keep)(asker=asker, name="crm", value=CANARY, hosts=["crm.example.com"])
    with pytest.raises(NodeError, match="'crm' may not be sent to '127.0.0.1"):
        await send("/x", asker.workspace.pk, auth=Auth(kind="bearer", secret="crm"))
    assert echo.asked == []
    elsewhere = echo.host.replace("127.0.0.1", "localhost")
    settings.FLOWBUILDER_OUTBOUND_HOSTS += [elsewhere]
    await sync_to_async(services.keep)(asker=asker, name="own", value=CANARY, hosts=[echo.host])
    await send(
        f"/moved?to=http://{elsewhere}/there", asker.workspace.pk, auth=Auth(kind="bearer", secret="own")
    )
    assert "authorization" in echo.asked[0]["headers"] and "authorization" not in echo.asked[1]["headers"]
