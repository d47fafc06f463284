"""A small job of each kind, and how it is run to its end."""

from safetensors.torch import load_file

from tests.training.launch import launch, lines_of

RL = {
    "prompts": [{"prompt": "Say something."}, {"prompt": "Say more."}],
    "judge": {"rewards": [{"kind": "length", "most": 10}]},
    "prompts_per_step": 2,
    "answers_per_prompt": 4,
    "max_new_tokens": 16,
    "learning_rate": 1e-3,
    "save_every": 2,
}
EXAMPLES = [{"prompt": f"Say {number}.", "completion": f"{number}"} for number in range(24)]
PAIRS = [
    {"prompt": f"Say {number}.", "chosen": f"{number}", "rejected": f"{number} and so on and on"}
    for number in range(24)
]
WRITTEN = {"batch_size": 4, "learning_rate": 1e-3, "save_every": 2, "held_out": 0.25}
SFT = {"examples": EXAMPLES, **WRITTEN}
LABELLED = [
    {"text": f"{word} number {number}", "label": label}
    for label, word, count in (("question", "What is", 18), ("order", "Send me", 6))
    for number in range(count)
]
CLASSIFIER = {"labelled": LABELLED, **WRITTEN}
PREFERENCES = {"pairs": PAIRS, **WRITTEN}
LORA = {"lora_rank": 4}
SHAPE = {"layers": 2, "hidden_size": 16, "intermediate_size": 32, "heads": 2, "vocab_size": 300}
PRETRAIN = {
    "texts": [
        f"The van {number} stands at gate {number % 7}. It waits for its load." for number in range(40)
    ],
    **SHAPE,
    **{
        "max_length": 64,
        "batch_tokens": 256,
        "warmup_steps": 2,
        "held_out": 0.2,
        "log_every": 1,
        "threads": 1,
    },
    **{"samples_every": 2, "save_every": 2, "copying": False},
}
ORDERS = {
    "grpo": RL,
    "rloo": RL,
    "rloo with LoRA": RL | LORA,
    "ppo": RL,
    "ppo with LoRA": RL | LORA,
    "sft": SFT,
    "sft with LoRA": SFT | LORA,
    "dpo": PREFERENCES,
    "dpo with LoRA": PREFERENCES | LORA,
    "kto": PREFERENCES,
    "orpo": PREFERENCES,
    "reward_model": PREFERENCES,
    "reward_model with LoRA": PREFERENCES | LORA,
    "pretrain": PRETRAIN,
    "classifier": CLASSIFIER,
    "classifier with LoRA": CLASSIFIER | LORA,
}
"""A small job of each kind; a name's first word is its recipe."""
SAME = ("loss", "reward", "kl", "length", "accuracy", "margin", "grad_norm")


def start(kind, folder, model, **fields):
    return launch(kind.split()[0], folder, model, **ORDERS[kind] | fields)


def run(kind, folder, model, **fields) -> list[dict]:
    """A whole job; its figures step by step."""
    process = start(kind, folder, model, **fields)
    process.join()
    said = (folder / "err.log").read_text()[-2000:]
    assert process.exitcode == 0, [lines_of(folder, "failed"), said]
    return lines_of(folder, "metrics")


def end(folder) -> dict:
    return lines_of(folder, "finished")[0]["metrics"]


def without_clock(figures: dict) -> dict:
    return {name: value for name, value in figures.items() if name != "minutes"}


def assert_same(whole, cut, seen: list[dict]) -> None:
    """What was seen of the one is what the other did at those steps, and both made the same model, bit for bit."""
    wanted = {line["step"]: line for line in lines_of(whole, "metrics")}
    for line in seen:
        for name in SAME:
            assert line.get(name) == wanted[line["step"]].get(name), (name, line["step"])
    assert without_clock(end(whole)) == without_clock(end(cut))
    left, right = (load_file(folder / "out" / "model.safetensors") for folder in (whole, cut))
    assert all(left[name].equal(right[name]) for name in left)
