"""Tokens a second and the wait for the first one: our batcher beside transformers' continuous batching.

transformers cannot batch the starter model this way (its short convolutions: "Invalid layer type: conv"), so
the comparison runs on a Llama of the same size with random weights; the starter is measured for ours alone.

    .venv/bin/python -m benchmarks.generation --callers 1 8 32 --rounds 3
"""

import argparse
import json
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import torch
from transformers import AutoTokenizer, GenerationConfig, LlamaConfig, LlamaForCausalLM

from flowbuilder.modelhub.runtime.process import Runtime
from flowbuilder.modelhub.runtime.request import Request

STARTER = Path(__file__).parent.parent / "flowbuilder" / "modelhub" / "starter"
PROMPT = "Make a parcel record.\nFields:\n- parcel_id: string\n- weight_kg: number"
Timing = tuple[float, list[float]]
"""Seconds for all, and seconds to the first token of each caller."""


def main() -> None:
    options = parse()
    torch.set_num_threads(options.threads)
    with TemporaryDirectory() as folder:
        starter, llama = endless(Path(folder)), same_size_llama(Path(folder))
        theirs = LlamaForCausalLM.from_pretrained(llama, attn_implementation="sdpa").eval()
        prompt = prompt_ids(llama)
        runtime = Runtime(1000)
        # Here, not first in a caller's thread: the runtime process ends with the thread that started it.
        for path in (starter, llama):
            answer(runtime, path, 1)
        table = {
            callers: in_turns(
                {
                    "ours, starter": lambda n=callers: ours(runtime, starter, n, options.tokens),
                    "ours, Llama": lambda n=callers: ours(runtime, llama, n, options.tokens),
                    "transformers, Llama": lambda n=callers: continuous(theirs, prompt, n, options.tokens),
                },
                callers * options.tokens,
                options.rounds,
            )
            for callers in options.callers
        }
    print(json.dumps({"parameters": theirs.num_parameters(), "callers": table}, indent=2))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--callers", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--threads", type=int, default=1, help="of torch for transformers; ours chooses itself"
    )
    return parser.parse_args()


def endless(folder: Path) -> Path:
    """The starter without an end token: every answer has all its tokens."""
    path = shutil.copytree(STARTER, folder / "starter")
    settings = json.loads((path / "generation_config.json").read_text())
    (path / "generation_config.json").write_text(json.dumps({**settings, "eos_token_id": []}))
    return path


def same_size_llama(folder: Path) -> Path:
    path = folder / "llama"
    config = json.loads((STARTER / "config.json").read_text())
    kept = ("hidden_size", "intermediate_size", "num_attention_heads", "num_hidden_layers", "vocab_size")
    torch.manual_seed(0)
    model = LlamaForCausalLM(
        LlamaConfig(**{name: config[name] for name in kept}, tie_word_embeddings=True, eos_token_id=None)
    )
    model.generation_config = GenerationConfig(eos_token_id=[], pad_token_id=0)
    model.save_pretrained(path)
    AutoTokenizer.from_pretrained(STARTER).save_pretrained(path)
    return path


def prompt_ids(path: Path) -> list[int]:
    tokenizer = AutoTokenizer.from_pretrained(path)
    text = tokenizer.apply_chat_template(
        [{"role": "user", "content": PROMPT}], add_generation_prompt=True, tokenize=False
    )
    return list(tokenizer(text, add_special_tokens=False).input_ids)


def in_turns(contenders: dict[str, Callable[[], Timing]], tokens: int, rounds: int) -> dict[str, Any]:
    timings: dict[str, list[Timing]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, once in contenders.items():
            timing = once()
            if number:
                timings[name].append(timing)
    return {
        name: {
            "tokens_a_second": round(tokens / median(total for total, _ in found)),
            "first_token_ms": round(median(wait for _, waits in found for wait in waits) * 1000),
        }
        for name, found in timings.items()
    }


def ours(runtime: Runtime, path: Path, callers: int, tokens: int) -> Timing:
    started = time.perf_counter()

    def call(_: int) -> float:
        return answer(runtime, path, tokens) - started

    with ThreadPoolExecutor(callers) as pool:
        waits = list(pool.map(call, range(callers)))
    return time.perf_counter() - started, waits


def answer(runtime: Runtime, path: Path, tokens: int) -> float:
    """When the first token was there."""
    messages = [{"role": "user", "content": PROMPT}]
    request = Request(uuid4().hex, str(path), "causal", messages, max_new_tokens=tokens, temperature=0)
    pieces = [(time.perf_counter(), piece) for piece in runtime.generate(request)]
    assert pieces[-1][1].usage["completion_tokens"] == tokens, pieces[-1][1]
    return pieces[0][0]


def continuous(model: Any, prompt: list[int], callers: int, tokens: int) -> Timing:
    """The clock starts when the manager has its memory and has answered once."""
    config = GenerationConfig(max_new_tokens=tokens, do_sample=False, eos_token_id=-1, pad_token_id=0)
    with model.continuous_batching_context_manager(generation_config=config) as manager:
        answers_of(manager, prompt, 1, 1)
        started = time.perf_counter()
        first = answers_of(manager, prompt, callers, tokens)
        total = time.perf_counter() - started
    return total, [at - started for at in first]


def answers_of(manager: Any, prompt: list[int], callers: int, tokens: int) -> list[float]:
    """Moments of the first tokens, when all callers have all theirs."""
    first: dict[str, float] = {}
    finished: dict[str, int] = {}
    for _ in range(callers):
        manager.add_request(prompt, max_new_tokens=tokens, streaming=True)
    while len(finished) < callers:
        answer = manager.get_result(timeout=1)
        if answer is None:
            continue
        if answer.error:
            raise RuntimeError(answer.error)
        first.setdefault(answer.request_id, time.perf_counter())
        if answer.is_finished():
            finished[answer.request_id] = len(answer.generated_tokens)
    assert set(finished.values()) == {tokens}, finished
    return list(first.values())


if __name__ == "__main__":
    main()
