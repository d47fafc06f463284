"""Each format's check, and that what is made of a format passes it."""

import pytest

from nodes.json_formats import CHECKER
from nodes.mock.records import make

GOOD = {
    "date": ["2026-02-28", "2024-02-29"],
    "time": ["08:00:00Z", "23:59:59.123+08:00"],
    "date-time": ["2026-01-02T03:04:05Z", "2026-01-02t03:04:05.5-01:30"],
    "duration": ["P1D", "PT5M", "P1Y2M3DT4H5M6S", "P2W"],
    "email": ["a.b+c@example.com"],
    "idn-email": ["张@例子.中国"],
    "hostname": ["a-1.example.com", "localhost"],
    "idn-hostname": ["例子.测试"],
    "ipv4": ["10.0.0.1"],
    "ipv6": ["::1", "2001:db8::7"],
    "uri": ["https://example.com/a?b=c#d", "urn:isbn:0451450523", "http://[::1]:8080/"],
    "uri-reference": ["/a/b", "../c?d", "#e", "https://example.com"],
    "iri": ["https://例子.测试/路径"],
    "iri-reference": ["/路径"],
    "uri-template": ["/parcels/{id}{?page,size}"],
    "uuid": ["2EB8AA08-AA98-11EA-B4AA-73B441D16380"],
    "json-pointer": ["", "/a~0b/0"],
    "relative-json-pointer": ["0#", "1/a"],
    "regex": ["^a+$"],
    "byte": ["aGVsbG8=", ""],
    "int32": [2**31 - 1, -(2**31)],
    "int64": [2**63 - 1],
    "float": [3.4e38],
    "double": [1.5],
}
BAD = {
    "date": ["2026-02-30", "26-01-01", "2026-1-1", "２０２６-01-01"],
    "time": ["24:00:00Z", "08:00:00", "08:00Z"],
    "date-time": ["2026-01-02 03:04:05Z", "2026-13-02T03:04:05Z", "2026-01-02T03:04:05"],
    "duration": ["P", "1D", "PT", "P1D2H", "P1W2D"],
    "email": ["a@", "@b.com", "a b@c.com", "a@-b.com"],
    "hostname": ["-a.com", "a..b", "a" * 64, "exa mple"],
    "ipv4": ["256.0.0.1", "1.2.3", "01.2.3.4"],
    "ipv6": ["::1%eth0", "12345::"],
    "uri": ["/a/b", "http://exa mple", "http://a/%zz", "例://x"],
    "uri-reference": ["\\\\windows", "a b", "%"],
    "uri-template": ["/a/{b"],
    "uuid": ["2eb8aa08aa9811eab4aa73b441d16380", "x"],
    "json-pointer": ["a", "/~2"],
    "relative-json-pointer": ["01", "/a"],
    "regex": ["(", "["],
    "byte": ["a", "aGVsbG8", "a b="],
    "int32": [2**31, 1.5],
    "int64": [2**63],
    "float": [1e39],
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in GOOD for value in GOOD[name]])
def test_what_has_the_format_passes(name, value):
    assert CHECKER.conforms(value, name)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in BAD for value in BAD[name]])
def test_what_has_it_not_does_not(name, value):
    assert not CHECKER.conforms(value, name)


@pytest.mark.parametrize("name", sorted(CHECKER.checkers))
def test_each_format_is_made(name):
    kind = "number" if name in {"float", "double"} else "integer" if name in {"int32", "int64"} else "string"
    made = [make({"type": kind, "format": name}, seed=seed) for seed in range(12)]
    assert all(CHECKER.conforms(value, name) for value in made)
    assert len(set(made)) > 2
