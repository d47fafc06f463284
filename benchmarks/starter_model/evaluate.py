"""Print the held-out table of a model version.

python benchmarks/starter_model/evaluate.py [--model DIR] [--count 200] [--seed held-out] [--threads 2]
"""

import argparse
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from flowbuilder.training.recipes.heldout import heldout_table, markdown  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=ROOT / "flowbuilder" / "modelhub" / "starter")
    parser.add_argument("--count", type=int, default=200, help="prompts of each kind and split")
    parser.add_argument("--seed", default="held-out", help="another seed draws other held-out prompts")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    model = AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    print(markdown(heldout_table(model, tokenizer, count=options.count, seed=options.seed)))


if __name__ == "__main__":
    main()
