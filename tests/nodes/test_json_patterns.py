"""A pattern never takes the process with it: not to compile, not to search."""

import pytest
import regex

from nodes.json_patterns import copies, found
from nodes.json_rules import errors_of


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("abc", 3),
        ("^PX-[0-9]{8}$", 13),
        ("a{3}b", 4),
        ("(ab){2}", 4),
        ("((a{2}){3}){4}", 24),
        (r"\{9999\}", 6),
        ("[{9}]", 1),
        ("(a{2", 3),
        ("(?:x|[()]){5}", 25),
    ],
)
def test_what_is_unfolded_is_counted(pattern, count):
    assert copies(pattern) == count


@pytest.mark.parametrize("pattern", ["((a{2}){1000}){1000}", "^((a?){60000}){60000}b$", "(" * 9, "["])
def test_what_would_not_compile_is_refused(pattern):
    with pytest.raises(regex.error):
        found(pattern, "a")
    assert "is not a pattern" in errors_of("a", {"pattern": pattern})[0]
    assert "is not a 'regex'" in errors_of(pattern, {"format": "regex"})[0]
