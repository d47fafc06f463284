"""What a recipe of ours costs beside a bare TRL script: same data, seed and arguments, in turns.

    .venv/bin/python -m benchmarks.trl_overhead --rounds 3

The bare scripts below are what TRL's documentation has one write: texts in, trainer, ``train()``. Ours adds whole,
hashed checkpoints, metrics as lines that the job service reads, guards against divergence, and held-out figures
before and after. Each side runs in a process of its own; both are timed inside ``Trainer.train`` (the loop with
its checkpoints) and from start to exit, by the wall and by the CPU, which other people's load disturbs less.
"""

import argparse
import itertools
import json
import os
import runpy
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from flowbuilder.modelhub.starter_folder import STARTER
from flowbuilder.training.corpus.delivery import examples

ROOT = Path(__file__).parent.parent
BATCH = 8
GROUP = 8
"""Answers to a prompt in GRPO."""
SAVE_EVERY = 25
HELD_OUT = 0.1
"""Share on which ours measures, before and after."""
SAMPLES = {"sft": BATCH, "reward_model": BATCH, "dpo": BATCH, "grpo": BATCH * GROUP}
"""A step's: demonstrations, pairs, answers."""


def main() -> None:
    options = parse()
    table = {}
    for recipe in options.recipes:
        steps = options.steps // 2 if recipe == "grpo" else options.steps
        with TemporaryDirectory() as folder:
            runs = [
                {
                    side: one_run(side, recipe, steps, Path(folder) / f"{number}-{side}")
                    for side in (("ours", "bare"), ("bare", "ours"))[number % 2]
                }
                for number in range(options.rounds)
            ]
        table[recipe] = compared(runs, steps * SAMPLES[recipe])
        print(json.dumps({recipe: table[recipe]}), flush=True)
    print(markdown(table))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--recipes", nargs="+", choices=SAMPLES, default=list(SAMPLES))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--steps", type=int, default=50, help="GRPO, whose steps are dearer, does half of them"
    )
    return parser.parse_args()


def one_run(side: str, recipe: str, steps: int, folder: Path) -> dict[str, Any]:
    """Timings of a process and of the ``Trainer.train`` in it, and the loss of every step."""
    folder.mkdir()
    config = folder / "config.json"
    places = {"model": str(STARTER), "out_dir": str(folder / "out"), "work_dir": str(folder / "work")}
    config.write_text(
        json.dumps({**places, **order(recipe), "steps": steps, "save_every": SAVE_EVERY, "seed": 7})
    )
    started = time.monotonic()
    with (folder / "out.log").open("w") as out:
        command = [sys.executable, "-m", "benchmarks.trl_overhead", side, recipe, str(config)]
        surroundings = os.environ | {
            "OMP_NUM_THREADS": "1",
            "HF_HUB_OFFLINE": "1",
            "TOKENIZERS_PARALLELISM": "false",
        }
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=surroundings, cwd=ROOT)
        _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{side} {recipe} failed:\n{(folder / 'out.log').read_text()[-3000:]}")
    timed = json.loads((folder / "timed.json").read_text())
    return {**timed, "process_wall": time.monotonic() - started, "process_cpu": used.ru_utime + used.ru_stime}


def compared(runs: list[dict[str, dict[str, Any]]], samples: int) -> dict[str, Any]:
    """Samples a second of both sides by each clock, the medians of the rounds, and how far their losses part."""
    apart = [
        max(abs(a - b) for a, b in zip(run["ours"]["losses"], run["bare"]["losses"], strict=True))
        for run in runs
    ]
    clocks = ("train_wall", "train_cpu", "process_wall", "process_cpu")
    found: dict[str, Any] = {"losses": len(runs[0]["ours"]["losses"]), "losses_apart": max(apart)}
    for clock in clocks:
        speeds = {side: median(samples / run[side][clock] for run in runs) for side in ("ours", "bare")}
        # Of each round, whose two sides ran one after the other: load that comes and goes cancels out.
        ratio = median(run["bare"][clock] / run["ours"][clock] for run in runs)
        found[clock] = {**{side: round(speed, 2) for side, speed in speeds.items()}, "ratio": round(ratio, 3)}
    return found


def markdown(table: dict[str, Any]) -> str:
    lines = [
        "| | loop, ours / bare, samples/s | ratio by wall | by CPU | whole process, ratio by wall | by CPU | losses |",
        "|---|---|---|---|---|---|---|",
    ]
    for recipe, row in table.items():
        loop, apart = row["train_wall"], row["losses_apart"]
        same = f"all {row['losses']} the same bits" if apart == 0 else f"at most {apart:.1e} apart"
        ratios = [row[clock]["ratio"] for clock in ("train_wall", "train_cpu", "process_wall", "process_cpu")]
        cells = [recipe, f"{loop['ours']} / {loop['bare']}", *(f"{ratio:.2f}" for ratio in ratios), same]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def order(recipe: str) -> dict[str, Any]:
    """The data and the settings that the recipe's job takes."""
    drawn = list(itertools.islice(examples("overhead", "known", "record"), 240))
    if recipe == "grpo":
        return {
            "prompts": [{"prompt": one.prompt} for one in drawn],
            "judge": {"rewards": [{"kind": "length", "least": 40, "most": 60}]},
            "prompts_per_step": BATCH,
            "answers_per_prompt": GROUP,
            "max_new_tokens": 48,
        }
    if recipe == "sft":
        rows = [{"prompt": one.prompt, "completion": one.completion} for one in drawn]
        return {"examples": rows, "batch_size": BATCH, "held_out": HELD_OUT}
    pairs = [
        {"prompt": one.prompt, "chosen": one.completion, "rejected": other.completion}
        for one, other in zip(drawn, drawn[1:] + drawn[:1], strict=True)
    ]
    return {"pairs": pairs, "batch_size": BATCH, "held_out": HELD_OUT}


def child(side: str, recipe: str, config: Path) -> None:
    """Runs one side, its ``Trainer.train`` timed."""
    from transformers import Trainer

    train = Trainer.train

    def timed(self: Any, *given: Any, **named: Any) -> Any:
        wall, cpu = time.monotonic(), time.process_time()
        result = train(self, *given, **named)
        took = {"train_wall": time.monotonic() - wall, "train_cpu": time.process_time() - cpu}
        losses = [line["loss"] for line in self.state.log_history if "loss" in line]
        (config.parent / "timed.json").write_text(json.dumps({**took, "losses": losses}))
        return result

    Trainer.train = timed  # type: ignore[method-assign]
    if side == "ours":
        sys.argv = [recipe, str(config)]
        runpy.run_module(f"flowbuilder.training.recipes.{recipe}", run_name="__main__", alter_sys=True)
    else:
        BARE[recipe](json.loads(config.read_text()))


def bare_arguments(job: dict[str, Any], learning_rate: float) -> dict[str, Any]:
    return {
        "output_dir": job["work_dir"],
        "seed": job["seed"],
        "data_seed": job["seed"],
        "max_steps": job["steps"],
        "save_steps": job["save_every"],
        "save_total_limit": 2,
        "logging_steps": 1,
        "report_to": [],
        "disable_tqdm": True,
        "use_cpu": True,
        "bf16": False,
        "dataloader_pin_memory": False,
        "gradient_checkpointing": False,
        "learning_rate": learning_rate,
    }


def bare_start(job: dict[str, Any], kind: Any, **config: Any) -> tuple[Any, Any]:
    import torch
    from transformers import AutoTokenizer, set_seed

    torch.set_num_threads(1)
    set_seed(job["seed"])
    return (
        kind.from_pretrained(job["model"], dtype=torch.float32, **config),
        AutoTokenizer.from_pretrained(job["model"]),
    )


def asked(tokenizer: Any, prompt: str) -> str:
    messages = [{"role": "user", "content": prompt}]
    return str(tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False))


def bare_finish(trainer: Any, job: dict[str, Any]) -> None:
    trainer.train()
    trainer.save_model(job["out_dir"])


def bare_sft(job: dict[str, Any]) -> None:
    from datasets import Dataset
    from transformers import AutoModelForCausalLM
    from trl import SFTConfig, SFTTrainer

    model, tokenizer = bare_start(job, AutoModelForCausalLM)
    rows = [
        {"prompt": asked(tokenizer, one["prompt"]), "completion": one["completion"]}
        for one in job["examples"]
    ]
    arguments = SFTConfig(
        **bare_arguments(job, 1e-4), per_device_train_batch_size=job["batch_size"], max_length=None
    )
    data = Dataset.from_list(divided(rows, job["seed"]))
    bare_finish(SFTTrainer(model, args=arguments, train_dataset=data, processing_class=tokenizer), job)


def bare_reward_model(job: dict[str, Any]) -> None:
    from datasets import Dataset
    from transformers import AutoModelForSequenceClassification
    from trl import RewardConfig, RewardTrainer

    # transformers knows no Lfm2 that classifies; a bare script has to bring one, too.
    from flowbuilder.modelhub.runtime import architectures  # noqa: F401

    model, tokenizer = bare_start(job, AutoModelForSequenceClassification, num_labels=1)
    model.config.pad_token_id = tokenizer.pad_token_id
    rows = [
        {side: asked(tokenizer, one["prompt"]) + one[side] for side in ("chosen", "rejected")}
        for one in divided(job["pairs"], job["seed"])
    ]
    arguments = RewardConfig(
        **bare_arguments(job, 1e-4),
        per_device_train_batch_size=job["batch_size"],
        center_rewards_coefficient=0.01,
        max_length=None,
    )
    data = Dataset.from_list(rows)
    bare_finish(RewardTrainer(model, args=arguments, train_dataset=data, processing_class=tokenizer), job)


def bare_dpo(job: dict[str, Any]) -> None:
    from datasets import Dataset
    from transformers import AutoModelForCausalLM
    from trl import DPOConfig, DPOTrainer

    model, tokenizer = bare_start(job, AutoModelForCausalLM)
    rows = [{**one, "prompt": asked(tokenizer, one["prompt"])} for one in divided(job["pairs"], job["seed"])]
    arguments = DPOConfig(
        **bare_arguments(job, 2e-5), per_device_train_batch_size=job["batch_size"], beta=0.1, max_length=None
    )
    data = Dataset.from_list(rows)
    bare_finish(DPOTrainer(model, args=arguments, train_dataset=data, processing_class=tokenizer), job)


def bare_grpo(job: dict[str, Any]) -> None:
    from datasets import Dataset
    from transformers import AutoModelForCausalLM
    from trl import GRPOConfig, GRPOTrainer

    def within_bounds(completions: list[Any], **_: Any) -> list[float]:
        sizes = [len(each[0]["content"]) for each in completions]
        return [size / 40 if size < 40 else 60 / size if size > 60 else 1.0 for size in sizes]

    model, tokenizer = bare_start(job, AutoModelForCausalLM)
    tokenizer.padding_side = "left"
    arguments = GRPOConfig(
        **bare_arguments(job, 1e-5),
        per_device_train_batch_size=job["prompts_per_step"] * job["answers_per_prompt"],
        num_generations=job["answers_per_prompt"],
        max_completion_length=job["max_new_tokens"],
        temperature=1.0,
        beta=0.05,
        shuffle_dataset=False,
    )
    trainer = GRPOTrainer(
        model,
        reward_funcs=[within_bounds],
        args=arguments,
        train_dataset=Dataset.from_list(
            [{"prompt": [{"role": "user", "content": text}]} for text in drawn(job)]
        ),
        processing_class=tokenizer,
    )
    bare_finish(trainer, job)


def divided(rows: list[dict[str, str]], seed: int) -> list[dict[str, str]]:
    """Those that ours trains on, in its order: the same data means the same order, too."""
    from flowbuilder.training.recipes.examples import divided

    return divided(rows, HELD_OUT, seed)[0]


def drawn(job: dict[str, Any]) -> list[str]:
    from flowbuilder.training.recipes.prompts import drawn_prompts
    from nodes.types import PromptLine

    lines = [PromptLine(**line) for line in job["prompts"]]
    return [line.prompt for line in drawn_prompts(lines, job["steps"] * job["prompts_per_step"], job["seed"])]


BARE = {"sft": bare_sft, "reward_model": bare_reward_model, "dpo": bare_dpo, "grpo": bare_grpo}

if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1] in ("ours", "bare"):
        child(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
    else:
        main()
