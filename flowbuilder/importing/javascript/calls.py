"""Calls that scripts make of what JavaScript brings, as Python."""

from __future__ import annotations

from collections.abc import Sequence

from flowbuilder.importing.javascript.syntax import Untranslatable

METHODS = {
    "map": "js_map({0}, {1})", "filter": "js_filter({0}, {1})", "find": "js_find({0}, {1})",
    "findIndex": "js_find_index({0}, {1})", "some": "js_some({0}, {1})", "every": "js_every({0}, {1})",
    "forEach": "js_each({0}, {1})", "flatMap": "js_flat(js_map({0}, {1}))", "flat": "js_flat({0})",
    "reduce": "js_reduce({0}, {all})", "join": "js_join({0}{, all})", "split": "js_split({0}{, all})",
    "slice": "js_slice({0}{, all})", "substring": "js_substring({0}{, all})", "includes": "js_includes({0}, {1})",
    "indexOf": "js_index_of({0}, {1})", "push": "js_push({0}, {all})", "unshift": "js_unshift({0}, {all})",
    "shift": "js_shift({0})", "pop": "js_pop({0})", "concat": "js_concat({0}, {all})", "reverse": "js_reversed({0})",
    "trim": "{0}.strip()", "trimStart": "{0}.lstrip()", "trimEnd": "{0}.rstrip()", "toUpperCase": "{0}.upper()",
    "toLowerCase": "{0}.lower()", "startsWith": "{0}.startswith({1})", "endsWith": "{0}.endswith({1})",
    "replace": "{0}.replace({1}, {2}, 1)", "replaceAll": "{0}.replace({1}, {2})", "repeat": "({0} * {1})",
    "padStart": "{0}.rjust({all})", "padEnd": "{0}.ljust({all})", "charAt": "js_slice({0}, {1}, {1} + 1)",
    "toString": "js_text({0})", "hasOwnProperty": "({1} in {0})", "test": "bool({0}.search(js_text({1})))",
}  # fmt: skip
"""Of what: the object is {0}, its arguments follow."""
FUNCTIONS = {
    "JSON.parse": "json.loads({0})", "JSON.stringify": "js_json({0})", "Object.keys": "list({0}.keys())",
    "Object.values": "list({0}.values())", "Object.entries": "[list(pair) for pair in {0}.items()]",
    "Object.assign": "{0} | {1}", "Object.fromEntries": "dict({0})", "Array.isArray": "isinstance({0}, list)",
    "Array.from": "js_items({0})", "Math.floor": "math.floor({0})", "Math.ceil": "math.ceil({0})",
    "Math.round": "math.floor({0} + 0.5)", "Math.abs": "abs({0})", "Math.max": "max({all})", "Math.min": "min({all})",
    "Math.sqrt": "math.sqrt({0})", "Math.pow": "({0} ** {1})", "Math.trunc": "int({0})", "Number": "js_number({0})",
    "String": "js_text({0})", "Boolean": "js_true({0})", "parseInt": "js_leading({0}, True)",
    "parseFloat": "js_leading({0}, False)", "isNaN": "(js_number({0}) is None)",
    "Number.isInteger": "(isinstance({0}, int) and not isinstance({0}, bool))", "structuredClone": "json.loads(js_json({0}))",
}  # fmt: skip


def method(name: str, of: str, given: Sequence[str]) -> str:
    if name not in METHODS:
        raise Untranslatable(f"'.{name}()' has no counterpart here")
    return _filled(METHODS[name], [of, *given], given, f".{name}()")


def function(name: str, given: Sequence[str]) -> str:
    if name == "JSON.stringify" and len(given) == 3:
        return f"js_json({given[0]}, {given[2]})"
    return _filled(FUNCTIONS[name], list(given), given, f"{name}()")


def _filled(template: str, slots: list[str], given: Sequence[str], name: str) -> str:
    """The template without ``str.format``, which would read braces in what is put in."""
    said = ", ".join(given)
    pieces = []
    rest = template
    while rest:
        before, opened, rest = rest.partition("{")
        pieces.append(before)
        if not opened:
            break
        slot, _, rest = rest.partition("}")
        if slot == "all":
            pieces.append(said)
        elif slot == ", all":
            pieces.append(f", {said}" if said else "")
        elif int(slot) < len(slots):
            pieces.append(slots[int(slot)])
        else:
            raise Untranslatable(f"'{name}' is called with too little")
    return "".join(pieces)
