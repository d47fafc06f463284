"""Whether a question that people answered is known again: precision and recall of ``retrieval/kept.py``.

    python -m benchmarks.kept_answers

In a base with the sample protocol (English, then Chinese) answers are kept to what every second record needs. Asked are the
same in other words, the same of the other records, and something else of the same records. Rules and thresholds were made with
these wordings in view; ``fresh`` ones were written afterwards and nothing was changed for them. ``hard`` are the sample's own
questions, whose wordings share no word with each other: every first wording is kept, every other one asked.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.in_process import own_home

SAMPLE = Path("examples/protocol")
WORDINGS = {
    "en": {
        "document": "parcel-protocol.md",
        "questions": "questions.jsonl",
        "subject": lambda heading: heading.removesuffix(" record").replace("_", " "),
        "is": lambda heading: heading.endswith(" record"),
        "kept": "What does a {} record need?",
        "same": (
            "Which fields does a {} record require?",
            "What has to be in a record of a {}?",
            "Tell me what a {} record must have.",
            "What is needed for a {} record?",
            "What should I put into a {} record?",
            "List the fields of a {} record.",
            "Which values does a {} record consist of?",
        ),
        "else": (
            "Who may delete a {} record?",
            "How long is a {} record kept?",
            "What does deleting a {} record do?",
            "Which other records refer to a {} record?",
            "When is a {} record sent?",
            "What happens if a {} record is wrong?",
            "Which system writes a {} record?",
            "How many {} records are sent a day?",
        ),
        "fresh same": (
            "Which fields are mandatory in a {} record?",
            "What belongs into the record of a {}?",
            "I need to know what goes into a {} record.",
        ),
        "fresh else": (
            "Which units does a {} record use?",
            "What is the newest version of the {} record?",
            "What mistakes are common in a {} record?",
            "Where does a {} record go after it is sent?",
            "Show the history of {} records.",
            "What replaces a {} record?",
        ),
    },
    "zh": {
        "document": "parcel-protocol.zh.md",
        "questions": "questions.zh.jsonl",
        "subject": lambda heading: heading.split("记录")[0],
        "is": lambda heading: "记录 " in heading,
        "kept": "{}记录需要什么？",
        "same": (
            "{}记录要有哪些字段？",
            "一条{}记录必须包含什么？",
            "{}记录需要填哪些内容？",
            "请告诉我{}记录的必填字段。",
        ),
        "else": (
            "谁可以删除{}记录？",
            "{}记录保存多久？",
            "{}记录有哪些例外？",
            "删除{}记录需要什么权限？",
            "{}记录用什么格式发送？",
            "什么设备会写{}记录？",
        ),
        "fresh same": ("{}记录里都有哪些栏位？", "我想知道{}记录包含的内容。", "写{}记录的时候要提供什么？"),
        "fresh else": (
            "{}记录在什么情况下作废？",
            "{}记录重复了会怎样？",
            "哪个系统发送{}记录？",
            "{}记录最多可以有几条？",
            "为什么{}记录被拒收？",
            "{}记录的编号规则是什么？",
        ),
    },
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=24, help="how many records are asked about")
    parser.add_argument("--hard", type=int, default=60, help="how many of the sample's questions are kept")
    parser.add_argument("--only", choices=list(WORDINGS), help="one language")
    options = parser.parse_args()
    with own_home():
        from flowbuilder.accounts.services import create_owner

        asker = create_owner(email="o@example.test", password="correct horse battery", workspace_name="Depot")
        for language, wording in WORDINGS.items():
            if options.only not in (None, language):
                continue
            base, kept, others = prepared(asker, language, wording, options.records)
            report(language, ordinary(base, kept, others, wording["same"], wording["else"]))
            fresh = ordinary(base, kept, others, wording["fresh same"], wording["fresh else"])
            report(f"{language}, fresh", fresh)
            report(f"{language}, hard", hard(asker, language, wording, options.hard))


def report(name: str, counted: Counter[str]) -> None:
    given = counted["right"] + counted["wrong"]
    precision = counted["right"] / given if given else float("nan")
    recall = counted["right"] / counted["to know"] if counted["to know"] else float("nan")
    print(f"{name}: precision {precision:.3f}, recall {recall:.3f}  {dict(counted)}", flush=True)


def prepared(
    asker: Any, language: str, wording: dict[str, Any], most: int
) -> tuple[Any, list[str], list[str]]:
    """A base in which what every second record needs is answered; those records, and the others."""
    base = filled(asker, language, wording)
    headings = base.passages.values_list("heading", flat=True)
    last = dict.fromkeys(heading.split(" › ")[-1] for heading in headings)
    subjects = [wording["subject"](heading) for heading in last if wording["is"](heading)][:most]
    kept, others = subjects[::2], subjects[1::2]
    keep(base, asker, {wording["kept"].format(subject): subject for subject in kept})
    return base, kept, others


def ordinary(
    base: Any, kept: list[str], others: list[str], same: Sequence[str], different: Sequence[str]
) -> Counter[str]:
    counted: Counter[str] = Counter()
    for subject in [*kept, *others]:
        for form in same:
            count(counted, base, form.format(subject), subject if subject in kept else None)
    for subject in [*kept[:6], *others[:6]]:
        for form in different:
            count(counted, base, form.format(subject), None)
    return counted


def hard(asker: Any, language: str, wording: dict[str, Any], most: int) -> Counter[str]:
    base = filled(asker, f"{language} hard", wording)
    rows = [json.loads(line) for line in (SAMPLE / wording["questions"]).read_text().splitlines()]
    rows = [row for row in rows if row["answer"]][:most]
    keep(base, asker, {row["question"]: row["id"] for row in rows})
    counted: Counter[str] = Counter()
    for row in rows:
        for paraphrase in row["paraphrases"][:2]:
            count(counted, base, paraphrase, row["id"])
    return counted


def filled(asker: Any, name: str, wording: dict[str, Any]) -> Any:
    from flowbuilder.knowledge import services
    from flowbuilder.knowledge.ingestion.work import ingest

    base = services.create_base(asker=asker, name=name)
    data = (SAMPLE / wording["document"]).read_bytes()
    ingest(str(services.add_document(base=base, name=wording["document"], data=data).pk))
    return base


def keep(base: Any, asker: Any, answers: dict[str, str]) -> None:
    from flowbuilder.knowledge.answers import keep as keep_one

    for question, answer in answers.items():
        keep_one(base, question, answer, asker)


def count(counted: Counter[str], base: Any, question: str, wanted: str | None) -> None:
    """``wanted`` is the answer that should be known again; None where there is none."""
    from flowbuilder.knowledge.retrieval.search import SURE, look
    from nodes.knowledge.looking import Looking

    kept = look([base.pk], question, Looking(limit=1), dense=True)["kept"]
    given = kept["answer"] if kept and kept["score"] >= SURE else None
    counted["asked"] += 1
    counted["to know"] += wanted is not None
    if given is not None and given != wanted:
        print(f"  wrong: {question!r} is taken for the one of {given!r}")
    if given is not None:
        counted["right" if given == wanted else "wrong"] += 1


if __name__ == "__main__":
    main()
