"""The gain of the prompt optimiser on held-out cases with the shipped model, from several first prompts and seeds.

    python -m benchmarks.prompt_optimiser --cases 30 --seeds 0 1 2

Each case is a question about a passage that its Retrieve gives; flow, search and model are those of the product, and the
model answers in its runtime process. Cases are drawn from what the shipped model never trained on (its corpus's held-out
splits). The figures are means over the held-out cases alone, which the search neither chose on nor showed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import statistics
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.in_process import own_home

FIRST_PROMPTS = {
    "question first": "Answer the question using the context.\n\nQuestion: {{ question }}\n\nContext: {{ context }}",
    "one sentence": "You are a helpful assistant of a delivery data centre. Use this information: {{ context }}. The user asks: "
    "{{ question }}. Reply in JSON.",
    "long rules": "You are an expert in logistics.\nRead the data below with care.\nNever make anything up.\n\nData:\n{{ context }}\n\n"
    "Task: {{ question }}\n\nAnswer with one JSON object. Do not explain.",
    "Chinese": "请根据以下资料回答问题。\n资料：{{ context }}\n问题：{{ question }}\n请用 JSON 回答。",
    "bare": "{{ question }}\n{{ context }}",
    "as trained": "Context:\n{{ context }}\n\nQuestion: {{ question }}",
}  # fmt: skip


LONGEST_PASSAGE = 1200
"""Characters: the shipped model was trained on prompts of at most 1,100."""


class InProcess:
    """``nodes.base.Models`` straight from the runtime process, without a broker between."""

    def __init__(self) -> None:
        from flowbuilder.modelhub.runtime.process import Runtime

        self.runtime = Runtime(2048)

    async def generate(
        self,
        model: str,
        prompt: str | Sequence[dict[str, str]],
        *,
        system: str = "",
        sampling: Any = None,
        schema: Any = None,
    ) -> AsyncIterator[str]:
        from flowbuilder.modelhub.runtime.request import Request
        from flowbuilder.modelhub.starter_folder import STARTER
        from nodes.base import NodeError

        messages = [{"role": "user", "content": prompt}] if isinstance(prompt, str) else list(prompt)
        if system:
            messages.insert(0, {"role": "system", "content": system})
        request = Request(
            uuid.uuid4().hex, str(STARTER), "causal", messages, schema=schema, **asdict(sampling)
        )
        pieces = await asyncio.to_thread(lambda: list(self.runtime.generate(request)))
        if wrong := pieces[-1].error:
            raise NodeError(wrong)
        yield "".join(piece.text for piece in pieces)


class Given:
    """``nodes.base.Knowledge``: the passage of each question."""

    def __init__(self, passages: dict[str, str]) -> None:
        self.passages = passages

    async def search(self, bases: Sequence[str], question: str, looking: Any) -> Any:
        from nodes.types import Found, Passage, Passages

        return Found(passages=Passages(items=(Passage(text=self.passages[question], source="", score=1.0),)))


def graph_of(prompt: str, writer: str = "language.local_model") -> Any:
    from flowbuilder.engine.graph import Graph

    nodes = [
        {"id": "start", "type": "flow.start"},
        {"id": "look", "type": "knowledge.retrieve", "settings": {"limit": 1}},
        {"id": "prompt", "type": "text.prompt", "settings": {"template": prompt}},
        {
            "id": "model",
            "type": writer,
            "settings": {"max_new_tokens": 96 if writer == "language.local_model" else 400},
        },
        {"id": "reply", "type": "flow.reply"},
    ]
    wires = [
        ("start", "look", "question"), ("look", "prompt", "context"), ("start", "prompt", "question"),
        ("prompt", "model", "prompt"), ("model", "reply", "content"),
    ]  # fmt: skip
    return Graph.model_validate(
        {
            "nodes": nodes,
            "wires": [
                {"id": f"w{n}", "source": s, "target": t, "target_port": p}
                for n, (s, t, p) in enumerate(wires)
            ],
        }
    )


def drawn(split: str, count: int) -> tuple[list[Any], dict[str, str]]:
    """Cases, and the passage of each question; a question that two passages could answer stands once."""
    from flowbuilder.prompting.cases import Case
    from flowbuilder.training.corpus.delivery import examples

    passages: dict[str, str] = {}
    cases = []
    for example in islice(examples(f"prompt optimiser {split}", split, "extract"), 20 * count):
        passage, question = example.prompt.removeprefix("Context:\n").split("\n\nQuestion: ")
        if question not in passages and len(cases) < count:
            passages[question] = passage
            cases.append(Case(question=question, expected=example.completion))
    return cases, passages


def of_protocol(count: int) -> tuple[list[Any], dict[str, str]]:
    """The sample protocol's records, asked for by name: each answer should name the fields that the passage describes."""
    from flowbuilder.prompting.cases import Case, Check

    root = Path(__file__).parents[1] / "examples" / "protocol"
    sections = dict(
        re.findall(r"^### (.+)\n((?:(?!^#).*\n)+)", (root / "parcel-protocol.md").read_text(), re.MULTILINE)
    )
    passages: dict[str, str] = {}
    cases = []
    for row in map(json.loads, (root / "questions.jsonl").read_text().splitlines()):
        passage = sections.get(row["expected"][0]["heading"], "") if row["kind"] == "record request" else ""
        fields = re.findall(r"^- (\w+):", passage, re.MULTILINE)[:10]
        if 0 < len(passage) <= LONGEST_PASSAGE and fields and len(cases) < count:
            question = row["paraphrases"][-1]
            passages[question] = passage.strip()
            cases.append(
                Case(
                    question=question,
                    checks=tuple(Check(kind="contains", value=f'"{name}":') for name in fields),
                )
            )
    return cases, passages


async def improved(
    prompt: str,
    cases: list[Any],
    passages: dict[str, str],
    models: InProcess,
    seed: int,
    answers: int,
    writer: str,
) -> Any:
    from flowbuilder.flows.nodes import catalogue
    from flowbuilder.prompting.answering import Answering, together
    from flowbuilder.prompting.cases import score
    from flowbuilder.prompting.optimiser.examples import Shown
    from flowbuilder.prompting.optimiser.search import Search, Settings
    from flowbuilder.prompting.target import Target
    from nodes.base import Context

    def context(node: str, report: Any) -> Context:
        return Context(models=models, knowledge=Given(passages), training=None, report=report)

    target = Target(graph_of(prompt, writer), "prompt", "template")
    answering = Answering(target, cases, catalogue(), context)
    await answering.prepare()

    async def scored(text: str, numbers: Sequence[int]) -> list[float]:
        answered = await together([answering.answer(text, number) for number in numbers])
        return [score(each.reply, cases[number]) for each, number in zip(answered, numbers, strict=True)]

    shown = [
        Shown(number, answering.before[number].values, case.expected) for number, case in enumerate(cases)
    ]
    search = Search(
        prompt,
        target.slots,
        len(cases),
        scored,
        shown,
        settings=Settings(seed=seed, answers=answers, proposals=0),
    )
    return await search.run()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=30)
    parser.add_argument("--answers", type=int, default=300)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument(
        "--split", default="known", choices=["known", "new"], help="of the corpus: known or never-seen names"
    )
    parser.add_argument(
        "--protocol", action="store_true", help="cases of the sample protocol in place of the corpus"
    )
    parser.add_argument(
        "--structured",
        action="store_true",
        help="the model writes under a schema that is read from the prompt: the node 'Structured record'",
    )
    parser.add_argument("--only", nargs="*", default=list(FIRST_PROMPTS))
    asked = parser.parse_args()
    cases, passages = of_protocol(asked.cases) if asked.protocol else drawn(asked.split, asked.cases)
    models = InProcess()
    writer = "language.structured" if asked.structured else "language.local_model"
    print(
        f"{len(cases)} cases of '{'protocol' if asked.protocol else asked.split}', at most {asked.answers} answers a search"
    )
    for name in asked.only:
        outcomes, began = [], time.perf_counter()
        for seed in asked.seeds:
            first = FIRST_PROMPTS[name]
            outcomes.append(await improved(first, cases, passages, models, seed, asked.answers, writer))
        seconds = (time.perf_counter() - began) / len(asked.seeds)
        before, after = ([getattr(outcome, side) for outcome in outcomes] for side in ("before", "after"))
        print(
            f"{name:16} before {statistics.fmean(before):.2f}  after {statistics.fmean(after):.2f}  "
            f"each {[f'{b:.2f} → {a:.2f}' for b, a in zip(before, after, strict=True)]}  {seconds:.0f} s"
        )
        print(
            "    ",
            json.dumps(outcomes[0].best.text),
            outcomes[0].best.how,
            outcomes[0].best.detail,
            outcomes[0].asked,
        )


if __name__ == "__main__":
    with own_home():
        asyncio.run(main())
