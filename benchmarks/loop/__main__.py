"""From people's feedback to a better model, with simulated people: the whole loop on a CPU, three seeds.

    .venv/bin/python -m benchmarks.loop

What is asked and what came out stands in the README beside this file. A run that was cut off goes on where it
stopped.
"""

import argparse
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.loop.arms import Seed
from benchmarks.loop.curves import draw
from benchmarks.loop.plan import Plan
from benchmarks.loop.report import markdown, results
from benchmarks.loop.step import Steps

HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--together", type=int, default=2, help="processes at a time, of one thread each")
    parser.add_argument("--work", type=Path, default=HERE / "work", help="where steps leave what they made")
    parser.add_argument("--into", type=Path, default=HERE, help="where results.json and the pictures go")
    options = parser.parse_args()

    plan, steps = Plan(), Steps(options.together)
    with ThreadPoolExecutor(8 * len(options.seeds)) as pool:
        running = {
            seed: pool.submit(Seed(plan, seed, options.work, steps, pool).run) for seed in options.seeds
        }
        found = {seed: future.result() for seed, future in running.items()}
    told = results(plan, found)
    (options.into / "results.json").write_text(json.dumps(told, indent=1) + "\n")
    draw(found, told, options.into)
    print(markdown(told))


if __name__ == "__main__":
    main()
