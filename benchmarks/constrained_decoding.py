"""Decoding under a JSON Schema: llguidance beside xgrammar and outlines-core, on the starter model's tokenizer.

    pip install -r benchmarks/requirements.txt
    python benchmarks/constrained_decoding.py --walks 200

A walk draws allowed tokens at random until the record is complete: the hardest case for a mask, as no
model's habit keeps it on the usual path. A library that is not installed is left out and said.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from jsonschema import Draft202012Validator, FormatChecker
from transformers import AutoTokenizer

from flowbuilder.modelhub.runtime.constrained import bounded
from flowbuilder.modelhub.starter_folder import STARTER

LONGEST = 2000
SCHEMAS: list[dict[str, Any]] = [
    {"parcel_id": {"type": "string"}, "weight_kg": {"type": "number", "minimum": 0, "maximum": 70}},
    {"van_id": {"type": "string", "pattern": "^V-[0-9]{4}$"}, "active": {"type": "boolean"}},
    {"status": {"enum": ["created", "in_transit", "delivered"]}, "stops": {"type": "integer", "minimum": 1, "maximum": 40}},
    {"day": {"type": "string", "format": "date"}, "notes": {"type": "array", "items": {"type": "string"}, "maxItems": 3}},
    {"depot": {"type": "object", "properties": {"city": {"type": "string"}, "bay": {"type": "integer"}}, "required": ["city", "bay"]}},
]  # fmt: skip

Walk = Callable[[random.Random], list[int]]


def schemas() -> Iterable[dict[str, Any]]:
    for properties in SCHEMAS:
        yield {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }


class LLGuidance:
    def __init__(self, tokenizer: Any) -> None:
        import llguidance.hf
        import llguidance.numpy

        self.lib, self.numpy = llguidance, llguidance.numpy
        self.tokenizer = llguidance.hf.from_tokenizer(tokenizer, n_vocab=len(tokenizer))
        self.mask = self.numpy.allocate_token_bitmask(1, self.tokenizer.vocab_size)

    def compile(self, schema: dict[str, Any]) -> Any:
        grammar = self.lib.LLMatcher.grammar_from_json_schema(schema)
        return self.lib.LLMatcher(self.tokenizer, grammar)

    def allowed(self, matcher: Any) -> np.ndarray:
        self.numpy.fill_next_token_bitmask(matcher, self.mask, 0)
        return np.flatnonzero(np.unpackbits(self.mask.view(np.uint8), bitorder="little"))

    def take(self, matcher: Any, token: int) -> bool:
        matcher.consume_token(token)
        return bool(matcher.is_stopped())


class XGrammar:
    def __init__(self, tokenizer: Any) -> None:
        import xgrammar

        self.lib = xgrammar
        info = xgrammar.TokenizerInfo.from_huggingface(tokenizer, vocab_size=len(tokenizer))
        self.compiler = xgrammar.GrammarCompiler(info)
        self.mask = xgrammar.allocate_token_bitmask(1, len(tokenizer))

    def compile(self, schema: dict[str, Any]) -> Any:
        text = json.dumps({name: part for name, part in schema.items() if name != "x-guidance"})
        return self.lib.GrammarMatcher(self.compiler.compile_json_schema(text, any_whitespace=False))

    def allowed(self, matcher: Any) -> np.ndarray:
        matcher.fill_next_token_bitmask(self.mask)
        return np.flatnonzero(np.unpackbits(self.mask.numpy().view(np.uint8), bitorder="little"))

    def take(self, matcher: Any, token: int) -> bool:
        matcher.accept_token(token)
        return bool(matcher.is_terminated())


class Outlines:
    def __init__(self, tokenizer: Any) -> None:
        import outlines_core
        from outlines_core.json_schema import build_regex_from_schema

        self.lib, self.regex = outlines_core, build_regex_from_schema
        pieces: dict[str, list[int]] = {}
        for token in range(len(tokenizer)):
            if token not in tokenizer.all_special_ids:
                pieces.setdefault(tokenizer.decode([token]), []).append(token)
        self.end = tokenizer.eos_token_id
        self.vocabulary = outlines_core.Vocabulary(self.end, pieces)

    def compile(self, schema: dict[str, Any]) -> Any:
        text = json.dumps({name: part for name, part in schema.items() if name != "x-guidance"})
        return self.lib.Guide(self.lib.Index(self.regex(text, " ?"), self.vocabulary))

    def allowed(self, guide: Any) -> np.ndarray:
        return np.array(guide.get_tokens())

    def take(self, guide: Any, token: int) -> bool:
        if token != self.end:
            guide.advance(token)
        return token == self.end or bool(guide.is_finished())


def measure(library: Any, tokenizer: Any, walks: int) -> dict[str, Any]:
    """Milliseconds to compile a schema, microseconds a token for mask and advance, records that validate."""
    compiling, stepping, valid, failed = [], [], 0, set()
    for number in range(walks):
        rng = random.Random(number)
        original = list(schemas())[number % len(SCHEMAS)]
        schema = bounded(original)
        try:
            started = time.perf_counter()
            state = library.compile(schema)
            compiling.append(time.perf_counter() - started)
            ids: list[int] = []
            done = False
            while not done and len(ids) < LONGEST:
                started = time.perf_counter()
                allowed = library.allowed(state)
                stepping.append(time.perf_counter() - started)
                token = int(rng.choice(allowed))
                ids.append(token)
                started = time.perf_counter()
                done = library.take(state, token)
                stepping[-1] += time.perf_counter() - started
            record = json.loads(tokenizer.decode(ids, skip_special_tokens=True))
            Draft202012Validator(original, format_checker=FormatChecker()).validate(record)
            valid += 1
        except Exception as error:  # whatever a library throws is its result here
            failed.add(f"{type(error).__name__}: {str(error)[:80]}")
    return {
        "compile_ms": round(statistics.median(compiling) * 1000, 2) if compiling else None,
        "first_compile_ms": round(max(compiling) * 1000, 2) if compiling else None,
        "token_us": round(statistics.median(stepping) * 1e6, 1) if stepping else None,
        "valid": f"{valid}/{walks}",
        "failures": sorted(failed)[:3],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--walks", type=int, default=200)
    walks = parser.parse_args().walks
    tokenizer = AutoTokenizer.from_pretrained(STARTER)
    for name, kind in {"llguidance": LLGuidance, "xgrammar": XGrammar, "outlines-core": Outlines}.items():
        try:
            library = kind(tokenizer)
        except ImportError as error:
            print(json.dumps({"library": name, "left out": str(error)}))
            continue
        print(json.dumps({"library": name, **measure(library, tokenizer, walks)}), flush=True)


if __name__ == "__main__":
    main()
