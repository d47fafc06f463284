"""Jinja templates as Python give what Jinja gives."""

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from flowbuilder.importing.javascript.syntax import Untranslatable
from flowbuilder.importing.jinja import translated
from nodes.tools.sandbox import Limits, run_code

GIVEN = {
    "name": "Ada <3",
    "rows": [{"n": "x", "v": 2}, {"n": "y", "v": 1}],
    "empty": [],
    "number": 7,
    "words": ["b", "a"],
}
TEMPLATES = [
    "Hello {{ name }}!\n{{ number + 1 }} {{ 7 // 2 }} {{ -number }}",
    "{% for row in rows %}{{ loop.index }}. {{ row.n }}: {{ row['v'] }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% for row in empty %}x{% else %}none{% endfor %}{% for key, value in rows[0].items() %}{{ key }}{% endfor %}",
    "{% if number > 5 and name %}big{% elif number == 5 %}five{% else %}small{% endif %}",
    "{{ name | upper | replace('A', 'B') }} {{ words | sort | join('-') }} {{ rows | length }} {{ missing | default('?') }}",
    "{{ 'yes' if number is defined else 'no' }} {{ words[0] ~ number }} {{ name[:3] }} {{ 'a' in words }}",
    "{% set total = number * 2 %}{{ total }} {{ words | first }} {{ words | last }} {{ 2.456 | round(1) }}",
]


@pytest.mark.parametrize("at", range(len(TEMPLATES)))
def test_each_gives_what_jinja_gives(at):
    template = TEMPLATES[at].replace("rows[0].items()", "rows[0] | items")
    given = {**GIVEN, "missing": None}
    code = translated(template, list(given))
    expected = (
        ImmutableSandboxedEnvironment().from_string(template.replace("missing |", "nothing |")).render(GIVEN)
    )
    assert run_code(code, given, Limits(seconds=5, memory=64 * 2**20))[0] == expected


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{{ cycler }}", "'cycler' is not there"),
        ("{{ name.__class__() }}", "'Call' has no counterpart"),
        ("{% include 'x' %}", "'Include'"),
        ("{{ rows | map(attribute='n') }}", "filter 'map'"),
        ("{% for x in rows if x %}{% endfor %}", "condition of its own"),
        ("{{ open", "cannot be read"),
    ],
)
def test_what_cannot_be_said_is_named(template, why):
    with pytest.raises(Untranslatable, match=why):
        translated(template, ["name", "rows"])
