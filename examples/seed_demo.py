"""The seed demo over HTTP: from a sentence to a published bot that gives records of a delivery data centre's protocol.

Needs a running Flowbuilder and a key of an editor, and talks to nothing else::

    python examples/seed_demo.py --base http://127.0.0.1:8000 --key fb_... --language zh

Nine steps: a bot from a description, its prompt improved, the protocol uploaded, its progress followed, a question
debugged, the answer corrected, the API imported and mocked, records that always satisfy their schema, and a version that
is published, stays as it is, and is rolled back to.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator, FormatChecker
from openai import OpenAI

PROTOCOL = Path(__file__).parent / "protocol"
INDEXING_SECONDS = 600


@dataclass(frozen=True)
class Story:
    """What is said in one language."""

    name: str
    description: str
    documents: tuple[str, ...]
    api: str
    wish: str
    question: str
    corrected: tuple[str, str]
    """A field of the answer, and what should stand in it."""
    in_other_words: tuple[str, ...]
    about_another: str
    requests: tuple[tuple[str, str], ...]
    """Questions, and the record that each is for."""


STORIES = {
    "en": Story(
        name="Protocol bot",
        description="A bot that parses our delivery data centre's protocol from natural language and returns mock records.",
        documents=("parcel-protocol.docx",),
        api="parcel-protocol.openapi.yaml",
        wish="Use only the fields of the protocol",
        question="Make a depot record.",
        corrected=("city", "Rotterdam"),
        in_other_words=("I need a depot record.", "Please give me one record of a depot"),
        about_another="Make a vehicle record.",
        requests=(("Make a vehicle record.", "vehicle"), ("Make a manifest record.", "manifest")),
    ),
    "zh": Story(
        name="协议助手",
        description="一个机器人：用自然语言解析配送数据中心的协议，并返回模拟数据记录。",
        documents=("parcel-protocol.zh.md",),
        api="parcel-protocol.zh.openapi.yaml",
        wish="只使用协议中的字段",
        question="生成一条仓库记录。",
        corrected=("city", "杭州"),
        in_other_words=("我需要一条仓库记录。", "请给我仓库记录的样例"),
        about_another="生成一条车辆记录。",
        requests=(("生成一条车辆记录。", "vehicle"), ("生成一条装车清单记录。", "manifest")),
    ),
}


def main() -> None:
    options = arguments()
    story = STORIES[options.language]
    schemas = json.loads((PROTOCOL / story.api.replace(".yaml", ".json")).read_text())["components"][
        "schemas"
    ]
    headers = {"Authorization": f"Bearer {options.key}"}
    with httpx.Client(base_url=options.base, headers=headers, timeout=120) as http:
        try:
            bot = create(http, story)
            improve_prompt(http, bot, story)
            upload(http, bot, story)
            run = debug(http, bot, story)
            correct(http, bot, run, story)
            mock(http, story)
            build_records(http, bot, story, schemas)
            publish(http, options, bot, story)
        except httpx.HTTPStatusError as error:
            sys.exit(f"{error.request.method} {error.request.url.path}: {message(error.response)}")
        except httpx.TransportError as error:
            sys.exit(f"No answer from {options.base}: {error}. Is Flowbuilder running there?")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--base", default="http://127.0.0.1:8000", help="address of Flowbuilder")
    parser.add_argument("--key", required=True, help="an API key of the workspace")
    parser.add_argument("--language", choices=sorted(STORIES), default="en")
    return parser.parse_args()


def create(http: httpx.Client, story: Story) -> dict[str, Any]:
    body = {"name": f"{story.name} {time.strftime('%H:%M:%S')}", "description": story.description}
    bot = ask(http, "POST", "/api/bots", json=body)
    kinds = " → ".join(node["type"] for node in bot["graph"]["nodes"])
    print(f"1  Made '{bot['name']}' with the base '{bot['base']['name']}': {kinds}")
    return bot


def improve_prompt(http: httpx.Client, bot: dict[str, Any], story: Story) -> None:
    """Rewritten by a wish, and saved into the draft; step 6 gives the cases to search on."""
    prompt = ask(http, "GET", f"/api/flows/{bot['id']}/prompts")["prompts"][0]
    where = {"node": prompt["node"], "setting": prompt["setting"]}
    order = {**where, "wish": story.wish, "stream": False}
    better = ask(http, "POST", f"/api/flows/{bot['id']}/rewrites", json=order)["text"]
    flow = ask(http, "GET", f"/api/flows/{bot['id']}")
    (node,) = (node for node in flow["graph"]["nodes"] if node["id"] == prompt["node"])
    node["settings"][prompt["setting"]] = better
    save(http, flow)
    print(f"2  Improved the prompt: {better!r}")


def upload(http: httpx.Client, bot: dict[str, Any], story: Story) -> None:
    path = f"/api/knowledge/{bot['base']['id']}/documents"
    files = [("files", (name, (PROTOCOL / name).read_bytes())) for name in story.documents]
    files.append(("files", ("broken.pdf", b"%PDF-1.7 but no more")))
    ask(http, "POST", path, files=files)
    deadline = time.monotonic() + INDEXING_SECONDS
    while any(row["status"] not in {"ready", "failed"} for row in ask(http, "GET", path)):
        if time.monotonic() > deadline:
            sys.exit(f"Not indexed within {INDEXING_SECONDS} s. Does /healthz name the model worker as ok?")
        time.sleep(0.3)
    rows = ask(http, "GET", path)
    for row in rows:
        told = f"{row['passages']} passages" if row["status"] == "ready" else row["error"]
        print(f"{3 if row['status'] == 'ready' else 4}  {row['name']}: {row['status']}, {told}")
    assert [row["status"] for row in rows] == ["ready"] * len(story.documents) + ["failed"]


def debug(http: httpx.Client, bot: dict[str, Any], story: Story) -> dict[str, Any]:
    """Passages with what each index gave, the time of each step, and a run that answers."""
    body = {"question": story.question, "flow": bot["id"]}
    asked = ask(http, "POST", f"/api/knowledge/{bot['base']['id']}/questions", json=body)
    hit = asked["found"]["hits"][0]
    took = ", ".join(f"{step['name']} {step['ms']:.0f} ms" for step in asked["found"]["steps"])
    print(
        f"5  '{story.question}' finds '{hit['heading']}' {hit['parts']}; {took}; {asked['found']['tokens']}"
    )
    run = ended(http, asked["run"]["id"])
    print(f"   answered: {run['reply']}")
    return run


def correct(http: httpx.Client, bot: dict[str, Any], run: dict[str, Any], story: Story) -> None:
    """Said once, the record is given to the question in other words, and to no question about another record."""
    expected = json.loads(run["reply"]) | {story.corrected[0]: story.corrected[1]}
    made = ask(http, "POST", f"/api/runs/{run['id']}/correction", json={"answer": json.dumps(expected)})
    assert made["answer"] and made["case"] and made["rating"], "an answer, a test case and a preference pair"
    for question in (story.question, *story.in_other_words):
        again = run_flow(http, bot, question)
        assert json.loads(again["reply"]) == expected, f"{question}: {again['reply']}"
        print(f"6  '{question}' is answered as it was corrected")
    other = json.loads(run_flow(http, bot, story.about_another)["reply"])
    assert other.keys() != expected.keys(), f"'{story.about_another}' was given the correction"


def mock(http: httpx.Client, story: Story) -> None:
    files = {"file": (story.api, (PROTOCOL / story.api).read_bytes())}
    name = {"name": f"{story.name} {time.time():.0f}"}
    described = ask(http, "POST", "/api/apis", data=name, files=files)
    path = f"/api/apis/{described['id']}/mock/depot"
    first, again, other = (ask(http, "GET", path, headers={"Prefer": f"seed={seed}"}) for seed in (1, 1, 2))
    assert first == again != other
    print(
        f"7  Imported {len(described['operations'])} operations; a mocked answer: {json.dumps(first)[:200]}"
    )


def build_records(
    http: httpx.Client, bot: dict[str, Any], story: Story, schemas: dict[str, dict[str, Any]]
) -> None:
    for question, name in story.requests:
        record = json.loads(run_flow(http, bot, question)["reply"])
        validator = Draft202012Validator(schemas[name], format_checker=FormatChecker())
        wrong = [error.message for error in validator.iter_errors(record)]
        assert not wrong, f"{question}: {wrong}"
        print(f"8  {json.dumps(record, ensure_ascii=False)}")


def publish(http: httpx.Client, options: argparse.Namespace, bot: dict[str, Any], story: Story) -> None:
    path = f"/api/flows/{bot['id']}"
    expected = told(options, http, bot, story, publish=1)
    doors = ask(http, "PATCH", f"{path}/doors", json={"page": True, "embed": True, "any_site": True})
    page = httpx.get(doors["url"])
    page.raise_for_status()
    print(f"9  Version 1 is live: {doors['url']}, model '{bot['slug']}', and as a widget")
    flow = ask(http, "GET", path)
    for node in flow["graph"]["nodes"]:
        if node["type"] == "knowledge.retrieve":
            node["settings"]["answer_directly"] = False
    save(http, flow)
    assert told(options, http, bot, story) == expected, "the draft reached what is published"
    assert told(options, http, bot, story, publish=2) != expected
    ask(http, "POST", f"{path}/publication/rollbacks")
    assert told(options, http, bot, story) == expected
    print("   The draft was edited, version 2 published and rolled back: version 1 answers as before")


def told(
    options: argparse.Namespace, http: httpx.Client, bot: dict[str, Any], story: Story, *, publish: int = 0
) -> Any:
    """What a program is answered; ``publish`` makes the draft the version of that number first."""
    if publish:
        made = ask(http, "POST", f"/api/flows/{bot['id']}/versions", json={})
        assert made["number"] == publish
        ask(http, "PUT", f"/api/flows/{bot['id']}/publication", json={"version": publish})
    client = OpenAI(base_url=f"{options.base}/v1", api_key=options.key)
    messages = [{"role": "user", "content": story.question}]
    answer = client.chat.completions.create(model=bot["slug"], messages=messages)
    return json.loads(answer.choices[0].message.content or "")


def run_flow(http: httpx.Client, bot: dict[str, Any], question: str) -> dict[str, Any]:
    run = ask(http, "POST", f"/api/flows/{bot['id']}/runs", json={"inputs": {"question": question}})
    return ended(http, run["id"])


def ended(http: httpx.Client, run_id: str) -> dict[str, Any]:
    """The run, once its event stream has ended."""
    with http.stream("GET", f"/api/runs/{run_id}/events") as events:
        for _ in events.iter_lines():
            pass
    run = ask(http, "GET", f"/api/runs/{run_id}")
    if run["status"] != "finished":
        sys.exit(f"The run {run['status']}: {run['error']}")
    return run


def save(http: httpx.Client, flow: dict[str, Any]) -> None:
    body = {"graph": flow["graph"], "revision": flow["revision"]}
    ask(http, "PUT", f"/api/flows/{flow['id']}", json=body)


def ask(http: httpx.Client, method: str, path: str, **options: Any) -> Any:
    answer = http.request(method, path, **options)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def message(response: httpx.Response) -> str:
    try:
        return str(response.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return response.text[:200]


if __name__ == "__main__":
    main()
