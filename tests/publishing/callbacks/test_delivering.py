"""A run's end is told: signed, again where it failed, once for everybody who sweeps; the database is the queue."""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.utils import timezone

from flowbuilder.accounts.errors import ApiError
from flowbuilder.publishing.callbacks import delivering, registering
from flowbuilder.publishing.callbacks.models import Callback, Delivery, State
from flowbuilder.publishing.callbacks.signing import headers_for, key_of, new_secret
from flowbuilder.runs import services as runs
from flowbuilder.runs.models import Run, Status


class Receiver(HTTPServer):
    """Keeps what it is told, and answers as it was told to."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.told, self.answers = [], []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/runs"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):  # noqa: N802 - the name is http.server's
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.told.append((dict(self.headers), body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 204)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver(settings):
    server = Receiver()
    settings.FLOWBUILDER_OUTBOUND_HOSTS = [f"127.0.0.1:{server.server_port}"]
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def ask(asker, live_flow):
    def submit(key=None):
        version = live_flow.published_version
        inputs = {"question": "Ann"}
        return runs.submit(asker=asker, flow=live_flow, version=version, inputs=inputs, idempotency_key=key)

    return submit


def end(run, status=Status.FINISHED, **fields):
    Run.objects.filter(pk=run.pk).update(status=status, ended_at=timezone.now(), **fields)


@pytest.mark.django_db(transaction=True)
def test_every_run_of_the_live_version_is_told_of_once(asker, live_flow, ask, receiver):
    _, secret = registering.register(asker=asker, flow=live_flow, url=receiver.url)
    run = ask("one")
    assert ask("one") == run and delivering.sweep() == 0
    end(run, reply="Hello, Ann!")
    assert delivering.sweep() == 1 and delivering.sweep() == 0
    ((headers, body),) = receiver.told
    told = json.loads(body)
    assert told["type"] == "run.finished"
    assert (told["data"]["id"], told["data"]["reply"]) == (str(run.pk), "Hello, Ann!")
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    digest = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert Delivery.objects.get().state == State.DELIVERED


@pytest.mark.django_db(transaction=True)
def test_what_failed_is_sent_again_with_the_same_id_and_body(asker, live_flow, ask, receiver):
    registering.register(asker=asker, flow=live_flow, url=receiver.url)
    receiver.answers = [500, 302]
    end(ask(), status=Status.FAILED, error="No model.", error_node="m")
    for _ in range(3):
        assert delivering.sweep() == 1
        later = Delivery.objects.get()
        assert later.state == State.DELIVERED or later.due_at > timezone.now()
        Delivery.objects.update(due_at=timezone.now())
    ids = {headers["webhook-id"] for headers, _ in receiver.told}
    bodies = {body for _, body in receiver.told}
    assert len(receiver.told) == 3 and len(ids) == len(bodies) == 1
    assert [each.status for each in Delivery.objects.get().tries.all()] == [204, 302, 500]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_while_it_sends_loses_nothing(asker, live_flow, ask, receiver):
    registering.register(asker=asker, flow=live_flow, url=receiver.url)
    end(ask())
    delivering.write_what_ended()
    (taken,) = delivering._due()
    assert delivering._take(taken) and not delivering._take(taken)  # and here it dies
    assert delivering.sweep() == 0
    Delivery.objects.update(due_at=timezone.now())
    assert delivering.sweep() == 1 and len(receiver.told) == 1


@pytest.mark.django_db(transaction=True)
def test_it_is_given_up_in_the_end_and_sent_again_by_hand(asker, live_flow, ask, receiver):
    registering.register(asker=asker, flow=live_flow, url=receiver.url)
    end(ask())
    delivering.write_what_ended()
    Delivery.objects.update(attempts=len(delivering.PAUSES))
    receiver.answers = [503]
    delivering.sweep()
    given_up = Delivery.objects.get()
    assert given_up.state == State.FAILED
    assert delivering.send_again(given_up).state == State.PENDING
    delivering.sweep()
    assert Delivery.objects.get().state == State.DELIVERED


@pytest.mark.django_db(transaction=True)
def test_an_address_that_never_answers_is_switched_off_and_what_is_on_its_way_waits(
    asker, live_flow, ask, receiver
):
    registering.register(asker=asker, flow=live_flow, url=receiver.url)

    def give_up(count: int) -> None:
        for _ in range(count):
            end(ask())
        delivering.write_what_ended()
        Delivery.objects.filter(state=State.PENDING).update(attempts=len(delivering.PAUSES))
        receiver.answers = [503] * count
        assert delivering.sweep() == count

    give_up(delivering.MOST_GIVEN_UP - 1)
    end(ask())
    delivering.sweep()  # one arrives, and the count begins anew
    give_up(delivering.MOST_GIVEN_UP - 1)
    assert Callback.objects.get().active
    later = ask()
    give_up(1)
    callback = Callback.objects.get()
    assert not callback.active and "5 messages in a row" in callback.problem
    end(later)
    assert delivering.sweep() == 0 and Delivery.objects.get(run=later).state == State.PENDING
    with pytest.raises(ApiError, match="switched off"):
        delivering.send_again(Delivery.objects.filter(state=State.FAILED).first())
    registering.set_active(asker=asker, callback=callback, active=True)
    assert delivering.sweep() == 1 and Delivery.objects.get(run=later).state == State.DELIVERED


@pytest.mark.django_db(transaction=True)
def test_gone_switches_the_address_off(asker, live_flow, ask, receiver):
    registering.register(asker=asker, flow=live_flow, url=receiver.url)
    receiver.answers = [410]
    end(ask())
    delivering.sweep()
    callback = Callback.objects.get()
    assert not callback.active and "410" in callback.problem
    ask()
    assert Delivery.objects.count() == 1


def test_one_run_s_own_address(asker, live_flow, api_client, receiver):
    body = {"version": "live", "inputs": {"question": "Ann"}, "callback": {"url": receiver.url}}
    client, path = api_client(asker.user), f"/api/flows/{live_flow.pk}/runs"

    def post():
        return client.post(
            path, body, content_type="application/json", headers={"Idempotency-Key": "k"}
        ).json()

    first, again = post(), post()
    assert first["callback"]["secret"].startswith("whsec_") and again["callback"]["secret"] is None
    assert again["callback"]["id"] == first["callback"]["id"] and Delivery.objects.count() == 1
    assert client.get(f"/api/flows/{live_flow.pk}/callbacks").json() == []


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/latest", "http://localhost:1/", "ftp://127.0.0.1/", "https://example.com/"],
)
def test_only_hosts_that_the_administrator_lists_are_told(asker, live_flow, api_client, receiver, url):
    with pytest.raises(ApiError, match="'url'") as refused:
        registering.register(asker=asker, flow=live_flow, url=url)
    assert refused.value.status == 422
    sent = {"version": "live", "inputs": {"question": "Ann"}, "callback": {"url": url}}
    path = f"/api/flows/{live_flow.pk}/runs"
    assert api_client(asker.user).post(path, sent, content_type="application/json").status_code == 422
    assert Run.objects.count() == 0


def test_a_message_is_signed_as_the_specification_s_example():
    """The vector of the Standard Webhooks specification 1.0.0, section 'Signature scheme'."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the specification's own
    headers = headers_for(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert len(key_of(new_secret())) == 32
    with pytest.raises(ValueError, match="24 to 64 bytes"):
        key_of("whsec_c2hvcnQ=")
