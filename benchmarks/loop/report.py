"""What came out: figures per seed and over all, and the tables of the README."""

import json
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.loop.arms import Found
from benchmarks.loop.intervals import bootstrapped, spread, wilson, wins
from benchmarks.loop.measure import DECODINGS
from benchmarks.loop.plan import Plan
from benchmarks.loop.step import Trained, figures
from flowbuilder.training.chance import near_chance

ARMS = ("sft", "dpo", "grpo", "ppo")
MEANS = ("worth", "learned", "valid", "exact", "length")


def results(plan: Plan, found: dict[int, Found]) -> dict[str, Any]:
    seeds = {seed: of_seed(steps) for seed, steps in found.items()}
    cost = [each["cost"] for each in seeds.values()]
    return {
        "plan": plan.model_dump(mode="json", exclude={"model"}),
        "seeds": seeds,
        "over all seeds": {
            arm: {
                decoding: {
                    name: spread(
                        [of[arm][decoding][name] for of in (each["models"] for each in seeds.values())]
                    )
                    for name in (*MEANS, *(("wins", "wins by reward model") if arm != "shipped" else ()))
                }
                for decoding in DECODINGS
            }
            for arm in ("shipped", *ARMS)
        },
        "cpu_minutes": round(sum(step["cpu_seconds"] for each in cost for step in each.values()) / 60, 1),
    }


def of_seed(steps: Found) -> dict[str, Any]:
    measured = json.loads((steps["measure"] / "measured.json").read_text())
    shipped = measured["models"]["shipped"]
    return {
        "models": {name: of_model(model, shipped) for name, model in measured["models"].items()},
        "reward_model": of_reward_model(steps["honest/reward_model"], measured["reward_model"]),
        "noise": gate(steps["noise/reward_model"]),
        "cost": {name: json.loads((folder / "done.json").read_text()) for name, folder in steps.items()},
    }


def of_model(model: dict[str, Any], shipped: dict[str, Any]) -> dict[str, Any]:
    """Means over the held-out prompts, and beside the shipped model's answers the share of wins (ties a half)."""
    found: dict[str, Any] = {"kl": model["kl"]}
    for decoding in DECODINGS:
        ours, theirs = model[decoding], shipped[decoding]
        found[decoding] = {name: fmean(ours[name]) for name in MEANS}
        found[decoding]["first"] = ours["first"]
        if model is not shipped:
            won = wins(ours["worth"], theirs["worth"])
            found[decoding] |= {
                "wins": fmean(won),
                "wins_interval": bootstrapped([[each] for each in won]),
                "better": sum(each == 1 for each in won),
                "worse": sum(each == 0 for each in won),
                "wins by reward model": fmean(wins(ours["learned"], theirs["learned"])),
            }
    return found


def of_reward_model(folder: Path, sides: dict[str, list[bool]]) -> dict[str, Any]:
    """``accuracy`` is the recipe's own, on pairs it kept aside; the others on pairs from held-out prompts."""
    return {
        **gate(folder),
        "on_held_out_prompts": {
            name: {"accuracy": fmean(each), "pairs": len(each), "interval": wilson(sum(each), len(each))}
            for name, each in sides.items()
        },
    }


def gate(folder: Path) -> dict[str, Any]:
    """The figures of a reward model, and why the gate refuses it, if it does."""
    known = figures(folder)
    right = round(known["accuracy"] * known["held_out_pairs"])
    why = near_chance(Trained(f"{folder.parent.name}@1", known))
    return {**known, "interval": wilson(right, round(known["held_out_pairs"])), "refused": why}


def markdown(found: dict[str, Any]) -> str:
    """The README's tables."""
    return "\n\n".join([wins_table(found), models_table(found), judges_table(found)])


def wins_table(found: dict[str, Any]) -> str:
    lines = [
        "| wins against the shipped model | " + " | ".join(DECODINGS) + " |",
        "|---|" + "---|" * len(DECODINGS),
    ]
    for arm in ARMS:
        cells = [
            f"**{found['over all seeds'][arm][decoding]['wins']['mean']:.0%}** ("
            + ", ".join(share_of(each["models"][arm][decoding]) for each in found["seeds"].values())
            + ")"
            for decoding in DECODINGS
        ]
        lines.append(f"| {arm} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def share_of(row: dict[str, Any]) -> str:
    low, high = row["wins_interval"]
    return f"{row['wins']:.0%} [{low * 100:.0f}–{high * 100:.0f}]"


def models_table(found: dict[str, Any]) -> str:
    lines = [
        "| | hidden rule: greedy / chat / free | learned reward: chat | JSON valid / as asked: chat | tokens: chat "
        "| KL from SFT, nats a token / an answer |",
        "|---|---|---|---|---|---|",
    ]
    for arm, row in found["over all seeds"].items():
        kl = [each["models"][arm]["kl"] for each in found["seeds"].values()]
        hidden = " / ".join(f"{row[decoding]['worth']['mean']:.3f}" for decoding in DECODINGS)
        chat = {name: row["chat"][name]["mean"] for name in MEANS}
        drift = f"{fmean(each['token'] for each in kl):.3f} / {fmean(each['answer'] for each in kl):.2f}"
        lines.append(
            f"| {arm} | {hidden} | {chat['learned']:.3f} | {chat['valid']:.1%} / {chat['exact']:.1%} "
            f"| {chat['length']:.1f} | {drift} |"
        )
    return "\n".join(lines)


def judges_table(found: dict[str, Any]) -> str:
    lines = [
        "| seed | honest raters: held-out pairs | held-out prompts: with the raters | with the hidden rule "
        "| pure noise: held-out pairs | the gate |",
        "|---|---|---|---|---|---|",
    ]
    for seed, each in found["seeds"].items():
        honest, noise = each["reward_model"], each["noise"]
        unseen = honest["on_held_out_prompts"]
        verdicts = [
            f"{kind} {'refused' if of['refused'] else 'let through'}"
            for kind, of in (("honest", honest), ("noise", noise))
        ]
        lines.append(
            f"| {seed} | {accuracy(honest)} | {accuracy(unseen['with_raters'])} | {accuracy(unseen['with_rule'])} "
            f"| {accuracy(noise)} | {', '.join(verdicts)} |"
        )
    return "\n".join(lines)


def accuracy(row: dict[str, Any]) -> str:
    low, high = row["interval"]
    pairs = row.get("held_out_pairs") or row["pairs"]
    return f"{row['accuracy']:.1%} [{low * 100:.0f}–{high * 100:.0f}] of {pairs:.0f}"
