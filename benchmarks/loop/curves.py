"""Pictures of the trainings and of what they led to."""

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from benchmarks.loop.arms import Found
from benchmarks.loop.report import ARMS
from benchmarks.loop.step import said

COLOURS = {
    "shipped": "#6b7280",
    "sft": "#0891b2",
    "dpo": "#7c3aed",
    "grpo": "#d97706",
    "ppo": "#059669",
    "honest": "#2563eb",
    "noise": "#dc2626",
}
SMOOTHED = {"reward_model": 20, "dpo": 20, "grpo": 5, "ppo": 5}
"""Steps in a running mean: a step sees few pairs or answers."""
STYLE = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e5e7eb",
    "axes.axisbelow": True,
    "legend.frameon": False,
    "axes.titlesize": 10,
}


def draw(found: dict[int, Found], results: dict[str, Any], folder: Path) -> None:
    with plt.rc_context(STYLE):
        trainings(found, folder / "curves.png")
        outcomes(results, folder / "win_rates.png")


def trainings(found: dict[int, Found], path: Path) -> None:
    figure, axes = plt.subplots(2, 3, figsize=(11, 6), layout="constrained")
    (judge, reward, kl), (implicit, entropy, length) = axes
    for steps in found.values():
        for kind in ("honest", "noise"):
            line(judge, steps[f"{kind}/reward_model"], "accuracy", kind, "reward_model")
        line(implicit, steps["honest/dpo"], "margin", "dpo", "dpo")
        for arm in ("grpo", "ppo"):
            for axis, name in ((reward, "reward"), (kl, "kl"), (entropy, "entropy"), (length, "length")):
                line(axis, steps[f"honest/{arm}"], name, arm, arm)
    judge.axhline(0.5, color="#9ca3af", linestyle=":")
    titled(judge, "Reward model: accuracy on its batches")
    titled(reward, "Learned reward of the answers")
    titled(kl, "KL from the SFT model, nats a token")
    titled(implicit, "DPO: margin of the implicit rewards")
    titled(entropy, "Entropy, nats a token")
    titled(length, "Length of the answers, tokens")
    figure.savefig(path, dpi=110)
    plt.close(figure)


def line(axis: Axes, folder: Path, name: str, label: str, recipe: str) -> None:
    """A seed's curve; the legend names its kind once."""
    told = [each for each in said(folder, "metrics") if name in each]
    values = smoothed([each[name] for each in told], SMOOTHED[recipe])
    known = {each.get_label() for each in axis.get_lines()}
    axis.plot(
        [each["step"] for each in told],
        values,
        color=COLOURS[label],
        alpha=0.75,
        linewidth=1.4,
        label="_again" if named(label) in known else named(label),
    )


def named(label: str) -> str:
    return {"honest": "raters, 10 % noise", "noise": "raters of pure noise"}.get(label, label.upper())


def smoothed(values: list[float], over: int) -> list[float]:
    starts = (max(0, index + 1 - over) for index in range(len(values)))
    return [
        sum(values[start : index + 1]) / (index + 1 - start)
        for index, start in zip(range(len(values)), starts, strict=True)
    ]


def titled(axis: Axes, title: str) -> None:
    axis.set_title(title, loc="left")
    axis.set_xlabel("step")
    axis.legend()


def outcomes(results: dict[str, Any], path: Path) -> None:
    """Win rates of each seed with their intervals, beside the hidden rule's means."""
    figure, axes = plt.subplots(1, 2, figsize=(11, 3.8), layout="constrained")
    marks = {"greedy": "s", "chat": "o", "free": "^"}
    for number, arm in enumerate(ARMS):
        for shift, (decoding, mark) in zip((-0.24, 0, 0.24), marks.items(), strict=True):
            for nudge, each in zip((-0.06, 0, 0.06), results["seeds"].values(), strict=False):
                row = each["models"][arm][decoding]
                low, high = row["wins_interval"]
                axes[0].errorbar(
                    number + shift + nudge,
                    row["wins"],
                    yerr=[[row["wins"] - low], [high - row["wins"]]],
                    fmt=mark,
                    color=COLOURS[arm],
                    markersize=4,
                    elinewidth=1,
                )
    axes[0].axhline(0.5, color="#9ca3af", linestyle=":")
    axes[0].axhline(0.6, color="#111827", linestyle="--", linewidth=1)
    axes[0].text(len(ARMS) - 0.55, 0.605, "aim: 60 %", fontsize=8, ha="right")
    axes[0].set_xticks(range(len(ARMS)), [arm.upper() for arm in ARMS])
    axes[0].set_ylabel("wins, ties a half")
    axes[0].set_title(
        "Wins against the shipped model by the hidden rule\n(square greedy, circle chat, triangle free; each seed with 95 %)",
        loc="left",
    )
    names = ("shipped", *ARMS)
    for shift, decoding in zip((-0.27, 0, 0.27), marks, strict=True):
        means = [results["over all seeds"][name][decoding]["worth"]["mean"] for name in names]
        bars = axes[1].bar(
            [number + shift for number in range(len(names))],
            means,
            width=0.25,
            color=[COLOURS[name] for name in names],
            alpha={"greedy": 1.0, "chat": 0.7, "free": 0.45}[decoding],
        )
        axes[1].bar_label(bars, fmt="%.2f", fontsize=7)
    axes[1].set_xticks(range(len(names)), [name if name == "shipped" else name.upper() for name in names])
    axes[1].set_ylim(0, 1)
    axes[1].set_title("Worth by the hidden rule\n(dark to light: greedy, chat, free)", loc="left")
    figure.savefig(path, dpi=110)
    plt.close(figure)
