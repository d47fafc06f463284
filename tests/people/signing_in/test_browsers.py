"""A session's browser, system and device in words."""

import pytest

from flowbuilder.people.signing_in.browsers import browser_of

X = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "name", "device", "handy"),
    [
        (
            f"Mozilla/5.0 (X11; Linux x86_64) {X} HeadlessChrome/140.0.0.0 Safari/537.36",
            "Chrome 140 on Linux",
            "",
            False,
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "Firefox 130 on Windows",
            "",
            False,
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
            "Safari 17 on macOS",
            "",
            False,
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari 17 on iOS",
            "iPhone",
            True,
        ),
        (
            f"Mozilla/5.0 (Linux; Android 10; K) {X} Chrome/125.0.0.0 Mobile Safari/537.36",
            "Chrome 125 on Android",
            "",
            True,
        ),
        ("odd-client/1.0 " + "x" * 200, "odd-client/1.0 " + "x" * 65, "", False),
        ("", "A browser that does not say which", "", False),
    ],
    ids=["chrome", "firefox", "safari", "iphone", "android", "odd", "silent"],
)
def test_in_words(said, name, device, handy):
    found = browser_of(said)
    assert (found.name, found.device, found.handy) == (name, device, handy)
