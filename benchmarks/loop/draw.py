"""Two answers of a model to every practice prompt, for the raters.

python -m benchmarks.loop.draw config.json
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM

from benchmarks.loop.answering import answers
from benchmarks.loop.prompts import prompts
from flowbuilder.training.recipes.loading import load, load_tokenizer


def main(path: Path) -> None:
    config = json.loads(path.read_text())
    torch.set_num_threads(1)
    model = load(AutoModelForCausalLM, config["model"])
    tokenizer = load_tokenizer(config["model"], padding_side="left")
    asked = [example.prompt for example in prompts(config["seed"], "practice", config["asked"])]
    # As varied as the model is: what reinforcement learning will try is then among what was rated.
    both = [
        answers(model, tokenizer, asked, temperature=1, seed=2 * config["seed"] + side) for side in (0, 1)
    ]
    (path.parent / "drawn.json").write_text(json.dumps(list(zip(*both, strict=True))))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
