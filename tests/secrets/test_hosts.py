import pytest

from flowbuilder.secrets.hosts import goes_to, hosts_of


@pytest.mark.parametrize(
    ("pattern", "host", "port", "goes"),
    [
        ("api.example.com", "api.example.com", 443, True),
        ("api.example.com", "API.example.com.", 80, True),
        ("api.example.com", "api.example.com", 8080, False),
        ("api.example.com", "evil-api.example.com", 443, False),
        ("api.example.com", "api.example.com.evil.test", 443, False),
        ("*.example.com", "api.example.com", 443, True),
        ("*.example.com", "a.b.example.com", 443, True),
        ("*.example.com", "example.com", 443, False),
        ("*.example.com", "evilexample.com", 443, False),
        ("10.0.0.7:8080", "10.0.0.7", 8080, True),
        ("10.0.0.7:8080", "10.0.0.7", 80, False),
        ("[::1]:8080", "::1", 8080, True),
        ("[::1]", "::1", 443, True),
    ],
)
def test_where_a_secret_goes(pattern, host, port, goes):
    assert goes_to(hosts_of([pattern]), host, port) is goes


def test_hosts_are_read_from_a_line():
    assert hosts_of(" API.example.com, b.example\nb.example ") == ["api.example.com", "b.example"]


@pytest.mark.parametrize(
    ("written", "why"),
    [("", "at least one"), ("https://a.example", "is no host"), ("*", "is no host"), ("a b/c", "is no host"),
     ("*.com", "is no host"), (" ".join(f"h{n}.example" for n in range(21)), "20 hosts")],
)  # fmt: skip
def test_what_is_no_host_is_told(written, why):
    with pytest.raises(ValueError, match=why):
        hosts_of(written)
