"""Random JSON Schemas: any, which may be impossible, and such as are known to have a value."""

import string

from hypothesis import strategies as st

from nodes.json_formats import CHECKER

TEXT_FORMATS = sorted(set(CHECKER.checkers) - {"int32", "int64", "float", "double"})
PATTERNS = [
    r"^[A-Z]{2}-\d{4}$", r"^\d+$", r"[a-z]+@[a-z]+", r"^(red|green|blue)$", r"^[一-龥]{2,4}$", r"^(?=.*\d)[a-z0-9]{6,}$",
    r"^\S+$", r"^[^,;]*$", r"^(ab|cd){2,5}x?$", r"^(\w)\1$", r"^\p{Lu}\p{Ll}+$", r"^$", r"\.csv$", r"^(?!x)[a-z]{3}$",
]  # fmt: skip
NAMES = ["id", "name", "city", "weight_kg", "status", "a", "b", "c"]
numbers = st.integers(-50, 50) | st.sampled_from([0.5, 1.25, -3.75, 99.9])
scalars = st.none() | st.booleans() | numbers | st.text(string.ascii_letters + "中文", max_size=5)


@st.composite
def texts(draw):
    schema = {"type": "string"}
    match draw(st.sampled_from(["plain", "pattern", "format"])):
        case "pattern":
            schema["pattern"] = draw(st.sampled_from(PATTERNS))
        case "format":
            schema["format"] = draw(st.sampled_from(TEXT_FORMATS))
        case "plain":
            low = draw(st.integers(0, 20))
            schema |= {"minLength": low, "maxLength": low + draw(st.integers(0, 20))}
    return schema


@st.composite
def amounts(draw):
    low = draw(numbers)
    kind = draw(st.sampled_from(["integer", "number"]))
    schema = {"type": kind, draw(st.sampled_from(["minimum", "exclusiveMinimum"])): low}
    if draw(st.booleans()):
        schema[draw(st.sampled_from(["maximum", "exclusiveMaximum"]))] = low + draw(st.integers(20, 60))
    if draw(st.booleans()):
        schema["multipleOf"] = draw(
            st.sampled_from([1, 2, 5] if kind == "integer" else [0.5, 0.1, 0.01, 2, 0.25])
        )
    if kind == "integer" and draw(st.booleans()):
        schema["format"] = draw(st.sampled_from(["int32", "int64"]))
    return schema


@st.composite
def lists(draw, inner):
    schema = {"type": "array", "items": draw(inner)}
    if draw(st.booleans()):
        schema["minItems"] = draw(st.integers(0, 4))
        schema["maxItems"] = schema["minItems"] + draw(st.integers(0, 3))
    if draw(st.booleans()):
        schema["prefixItems"] = draw(st.lists(inner, min_size=1, max_size=2))
    return schema


@st.composite
def objects(draw, inner):
    properties = draw(st.dictionaries(st.sampled_from(NAMES), inner, max_size=4))
    schema = {"type": "object", "properties": properties}
    schema["required"] = (
        draw(st.lists(st.sampled_from(sorted(properties)), unique=True)) if properties else []
    )
    if draw(st.booleans()):
        schema["additionalProperties"] = draw(st.just(False) | inner)
    if schema.get("additionalProperties") is not False and draw(st.booleans()):
        schema["minProperties"] = draw(st.integers(0, 6))
    if len(properties) > 1 and draw(st.booleans()):
        first, second = sorted(properties)[:2]
        schema["dependentRequired"] = {first: [second]}
    return schema


leaves = texts() | amounts() | st.lists(scalars, min_size=1, max_size=4).map(lambda values: {"enum": values}) | st.sampled_from(
    [{"type": "boolean"}, {"type": "null"}, {"const": "x"}, {"type": ["string", "null"]}, True, {}]
)  # fmt: skip
possible = st.recursive(
    leaves,
    lambda inner: (
        lists(inner)
        | objects(inner)
        | st.lists(inner, min_size=1, max_size=3).map(lambda found: {"anyOf": found})
    ),
    max_leaves=8,
)
"""Every one of these has a value."""

parts = {
    "uniqueItems": st.booleans(),
    "contains": possible,
    "minContains": st.integers(0, 2),
    "maxContains": st.integers(0, 3),
    "patternProperties": st.dictionaries(st.sampled_from([r"^x_", r"\d$"]), possible, min_size=1, max_size=1),
    "propertyNames": st.just({"pattern": "^[a-z_]+$"}),
    "maxProperties": st.integers(0, 5),
    "minProperties": st.integers(0, 4),
    "required": st.lists(st.sampled_from(NAMES), max_size=3, unique=True),
    "not": possible,
    "if": possible,
    "then": possible,
    "else": possible,
    "allOf": st.lists(possible, min_size=1, max_size=3),
    "oneOf": st.lists(possible, min_size=1, max_size=3),
    "enum": st.lists(scalars, min_size=1, max_size=4),
    "const": scalars,
    "minLength": st.integers(0, 9),
    "maxLength": st.integers(0, 9),
    "pattern": st.sampled_from(PATTERNS),
    "format": st.sampled_from(TEXT_FORMATS),
    "minimum": numbers,
    "maximum": numbers,
    "multipleOf": st.sampled_from([1, 3, 0.5, 0.01]),
    "type": st.sampled_from(["string", "integer", "number", "object", "array", "null", "boolean"]),
    "unevaluatedProperties": st.just(False),
    "dependentSchemas": st.dictionaries(st.sampled_from(NAMES), possible, min_size=1, max_size=1),
}
anything = st.tuples(
    possible, st.sets(st.sampled_from(sorted(parts)), max_size=4).flatmap(lambda names: st.fixed_dictionaries({n: parts[n] for n in names}))
).map(lambda both: {**(both[0] if isinstance(both[0], dict) else {}), **both[1]})  # fmt: skip
"""Some of these contradict themselves."""
