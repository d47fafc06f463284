"""A log says what happened, not where this machine keeps its files or what its keys are."""

import pytest

from flowbuilder.training.logs import masked, readable


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('File "/srv/venv/lib/python3.11/site-packages/trl/x.py", line 3', 'File "…/x.py", line 3'),
        ("saved to /var/lib/flowbuilder/jobs/1/work/checkpoint-10", "saved to …/checkpoint-10"),
        ("https://example.test/a/b is asked", "https://example.test/a/b is asked"),
        ("1/2 and 3/4 tokens", "1/2 and 3/4 tokens"),
        ("redis://:hunter2hunter2@localhost:6379/0", "redis://[hidden]@localhost:6379/0"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [hidden]"),
        ("with hf_AbCdEfGhIjKl there", "with [hidden] there"),
        ("token=abcdef, more", "token=[hidden] more"),
    ],
)
def test_places_and_secrets_are_masked(line, shown):
    assert masked(line) == shown


def test_the_end_of_a_long_log_begins_with_a_whole_line(tmp_path):
    (tmp_path / "log").write_text("".join(f"line {number}\n" for number in range(1000)))
    assert readable(tmp_path, 100).splitlines()[0].startswith("line ")
    assert readable(tmp_path).startswith("line 0\n")
    assert readable(tmp_path / "nowhere") == ""
