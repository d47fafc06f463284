"""What JavaScript does by itself and Python does not: small functions that a translated script begins with, where it needs them."""

from __future__ import annotations

import re

FUNCTIONS = {
    "js_true": """
def js_true(value):
    return isinstance(value, (dict, list)) or bool(value)
""",
    "js_text": """
def js_text(value):
    if value is None:
        return "undefined"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    if isinstance(value, list):
        return ",".join(["" if each is None else js_text(each) for each in value])
    return "[object Object]" if isinstance(value, dict) else str(value)
""",
    "js_json": """
def js_json(value, indent=None):
    if indent:
        return json.dumps(value, ensure_ascii=False, indent=indent)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
""",
    "js_get": """
def js_get(value, key):
    if value is None:
        raise ValueError("there is nothing to take '" + js_text(key) + "' of")
    if isinstance(value, dict):
        return value.get(key if isinstance(key, str) else js_text(key))
    if isinstance(value, (list, str)):
        if key == "length":
            return len(value)
        if isinstance(key, int) and 0 <= key < len(value):
            return value[key]
    return None
""",
    "js_maybe": """
def js_maybe(value, key):
    return None if value is None else js_get(value, key)
""",
    "js_set": """
def js_set(value, key, new):
    if isinstance(value, list) and key == len(value):
        value.append(new)
    else:
        value[key] = new
""",
    "js_add": """
def js_add(first, second):
    for each in (first, second):
        if isinstance(each, (str, list, dict)):
            return js_text(first) + js_text(second)
    return (first or 0) + (second or 0)
""",
    "js_and": """
def js_and(first, second):
    return second() if js_true(first) else first
""",
    "js_or": """
def js_or(first, second):
    return first if js_true(first) else second()
""",
    "js_else": """
def js_else(first, second):
    return second() if first is None else first
""",
    "js_typeof": """
def js_typeof(value):
    if value is None:
        return "undefined"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    return "number" if isinstance(value, (int, float)) else "object"
""",
    "js_number": """
def js_number(value):
    if isinstance(value, bool):
        return 1 if value else 0
    if isinstance(value, (int, float)):
        return value
    try:
        found = float(str(value).strip() or "0")
    except ValueError:
        return None
    return int(found) if found == int(found) else found
""",
    "js_leading": """
def js_leading(value, whole):
    found = re.match(r"\\s*[-+]?\\d+" if whole else r"\\s*[-+]?\\d*\\.?\\d+", js_text(value))
    return None if found is None else js_number(found.group(0))
""",
    "js_items": """
def js_items(value):
    if isinstance(value, dict):
        raise ValueError("an object is no list")
    return list(value)
""",
    "js_map": """
def js_map(value, does):
    return [does(each, at) for at, each in enumerate(value)]
""",
    "js_filter": """
def js_filter(value, does):
    return [each for at, each in enumerate(value) if js_true(does(each, at))]
""",
    "js_find": """
def js_find(value, does):
    for at, each in enumerate(value):
        if js_true(does(each, at)):
            return each
    return None
""",
    "js_find_index": """
def js_find_index(value, does):
    for at, each in enumerate(value):
        if js_true(does(each, at)):
            return at
    return -1
""",
    "js_some": """
def js_some(value, does):
    return len(js_filter(value, does)) > 0
""",
    "js_every": """
def js_every(value, does):
    return len(js_filter(value, does)) == len(value)
""",
    "js_each": """
def js_each(value, does):
    for at, each in enumerate(value):
        does(each, at)
""",
    "js_reduce": """
def js_reduce(value, does, *start):
    rest = list(value)
    total = start[0] if start else rest.pop(0)
    for at, each in enumerate(rest):
        total = does(total, each, at)
    return total
""",
    "js_flat": """
def js_flat(value):
    found = []
    for each in value:
        found.extend(each if isinstance(each, list) else [each])
    return found
""",
    "js_join": """
def js_join(value, between=","):
    return between.join(["" if each is None else js_text(each) for each in value])
""",
    "js_split": """
def js_split(value, at=None):
    if at is None:
        return [value]
    return list(value) if at == "" else value.split(at)
""",
    "js_slice": """
def js_slice(value, start=0, end=None):
    return value[start:] if end is None else value[start:end]
""",
    "js_substring": """
def js_substring(value, start=0, end=None):
    ends = sorted([max(0, start), len(value) if end is None else max(0, end)])
    return value[ends[0] : ends[1]]
""",
    "js_includes": """
def js_includes(value, part):
    return part in value
""",
    "js_index_of": """
def js_index_of(value, part):
    if isinstance(value, str):
        return value.find(part)
    return value.index(part) if part in value else -1
""",
    "js_push": """
def js_push(value, *new):
    value.extend(new)
    return len(value)
""",
    "js_unshift": """
def js_unshift(value, *new):
    value[:] = [*new, *value]
    return len(value)
""",
    "js_shift": """
def js_shift(value):
    return value.pop(0) if value else None
""",
    "js_pop": """
def js_pop(value):
    return value.pop() if value else None
""",
    "js_concat": """
def js_concat(value, *more):
    if isinstance(value, str):
        return value + "".join([js_text(each) for each in more])
    return value + js_flat(more)
""",
    "js_reversed": """
def js_reversed(value):
    value[:] = value[::-1]
    return value
""",
    "js_pattern": """
def js_pattern(written, signs):
    found = 0
    if "i" in signs:
        found = found | re.I
    if "m" in signs:
        found = found | re.M
    if "s" in signs:
        found = found | re.S
    return re.compile(written, found)
""",
}
"""Each by its name; what one calls is found by its name again."""
NEEDS = {"json.": "import json", "re.": "import re", "math.": "import math"}
NAME = re.compile(r"\bjs_\w+")


def preamble(code: str) -> str:
    """Those functions that it needs, and those that they need."""
    wanted: list[str] = []
    edge = NAME.findall(code)
    while edge:
        name = edge.pop()
        if name in FUNCTIONS and name not in wanted:
            wanted.append(name)
            edge += NAME.findall(FUNCTIONS[name])
    functions = [FUNCTIONS[name].strip("\n") for name in FUNCTIONS if name in wanted]
    written = "\n".join([*functions, code])
    modules = [line for start, line in NEEDS.items() if re.search(rf"\b{re.escape(start)}", written)]
    return "\n\n".join(["\n".join(modules), *functions] if modules else functions)
