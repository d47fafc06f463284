"""Pages come from public addresses only: every private form is refused, also behind a name or a redirect."""

import http.server
import threading

import pytest

from flowbuilder import outbound
from flowbuilder.outbound import Refused, check_url, fetch, is_public

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"]
)
def test_public_addresses(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.test/a",
        "file:///etc/passwd",
        "gopher://example.test",
        "http://",
        "http://user:secret@example.test/",
        "http://example.test:6379/",
        "http://[::1",
        "javascript:alert(1)",
    ],
)
def test_addresses_that_are_never_asked(url):
    with pytest.raises(Refused):
        check_url(url)


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("location", "http://metadata.test/secret")
        elif self.path == "/round":
            self.send_response(302)
            self.send_header("location", "/round")
        else:
            self.send_response(200 if self.path != "/gone" else 404)
            self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"<h1>Parcels</h1>" * (4 if self.path == "/big" else 1))

    def log_message(self, *args):
        pass


@pytest.fixture
def site(settings):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.FLOWBUILDER_OUTBOUND_HOSTS = [f"127.0.0.1:{server.server_port}"]
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_what_an_administrator_lists_is_fetched(site):
    assert fetch(f"{site}/guide") == (b"<h1>Parcels</h1>", "guide.html")


def test_what_is_not_listed_is_not(site, settings):
    settings.FLOWBUILDER_OUTBOUND_HOSTS = [site.removeprefix("http://").replace("127.0.0.1", "localhost")]
    with pytest.raises(Refused, match="Port"):
        fetch(f"{site}/guide")


def test_a_name_is_resolved_once_and_checked(monkeypatch):
    asked = []
    monkeypatch.setattr(
        "socket.getaddrinfo", lambda host, *_, **__: asked.append(host) or [(2, 1, 6, "", ("10.0.0.5", 80))]
    )
    with pytest.raises(Refused, match="private network"):
        fetch("http://rebinding.test/")
    assert asked == ["rebinding.test"]


def test_a_name_with_one_private_address_is_refused(monkeypatch):
    found = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: found)
    with pytest.raises(Refused, match="private network"):
        fetch("http://both.test/")


def test_redirects_are_checked_anew(site, monkeypatch):
    real = outbound.addresses_of
    monkeypatch.setattr(
        outbound,
        "addresses_of",
        lambda host, port: ["169.254.169.254"] if host == "metadata.test" else real(host, port),
    )
    with pytest.raises(Refused, match="'metadata.test' leads into a private network"):
        fetch(f"{site}/moved")


@pytest.mark.parametrize(
    ("path", "why"), [("/gone", "status 404"), ("/round", "more than 5 times"), ("/big", "more than")]
)
def test_limits_are_named(site, monkeypatch, path, why):
    monkeypatch.setattr(outbound, "MAX_BYTES", 40)
    with pytest.raises(Refused, match=why):
        fetch(f"{site}{path}")
