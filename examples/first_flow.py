#!/usr/bin/env python3
"""Your first flow over HTTP alone: from a template, with your protocol, run, published, called.

    examples/first_flow.py --base http://127.0.0.1:8000 --key fb_...

Needs the packages ``httpx`` and ``openai``, which ``bin/up`` has put into ``.venv``.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

try:
    import httpx
    from openai import OpenAI
except ImportError:
    ours = Path(__file__).resolve().parent.parent / ".venv" / "bin" / "python"
    if not ours.exists() or Path(sys.prefix) == ours.parent.parent:
        sys.exit("This needs 'httpx' and 'openai': run bin/up first, or pip install httpx openai.")
    os.execv(ours, [str(ours), *sys.argv])

PROTOCOL = Path(__file__).parent / "protocol" / "parcel-protocol.md"
QUESTION = "Make a parcel record."
INDEXING_SECONDS = 180


def main() -> None:
    options = parse()
    with httpx.Client(
        base_url=options.base, headers={"Authorization": f"Bearer {options.key}"}, timeout=120
    ) as http:
        try:
            flow = create_flow(http)
            base = upload_protocol(http)
            use_knowledge(http, flow, base)
            run(http, flow)
            publish(http, flow)
        except httpx.HTTPStatusError as error:
            sys.exit(
                f"{error.request.method} {error.request.url.path} answered {error.response.status_code}: {message(error.response)}"
            )
        except httpx.TransportError as error:
            sys.exit(f"Nothing answers at {options.base} ({error}). Is bin/up running?")
    call(options, flow)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--base", required=True, help="address of Flowbuilder, for example http://127.0.0.1:8000"
    )
    parser.add_argument("--key", required=True, help="an API key of the workspace")
    return parser.parse_args()


def create_flow(http: httpx.Client) -> dict:
    slugs = [template["slug"] for template in ask(http, "GET", "/api/templates")]
    print(f"Templates: {', '.join(slugs)}")
    flow = ask(
        http, "POST", "/api/flows", json={"name": "Protocol mock bot", "template": "protocol-mock-bot"}
    )
    print(f"Made the flow '{flow['name']}' ({flow['slug']})")
    return flow


def upload_protocol(http: httpx.Client) -> dict:
    base = ask(
        http,
        "POST",
        "/api/knowledge",
        json={"name": f"Delivery protocol {time.strftime('%Y-%m-%d %H:%M:%S')}"},
    )
    files = {"files": (PROTOCOL.name, PROTOCOL.read_bytes(), "text/markdown")}
    ask(http, "POST", f"/api/knowledge/{base['id']}/documents", files=files)
    deadline = time.monotonic() + INDEXING_SECONDS
    while time.monotonic() < deadline:
        (document,) = ask(http, "GET", f"/api/knowledge/{base['id']}/documents")
        if document["status"] == "ready":
            print(f"Uploaded {document['name']}: split into {document['passages']} passages")
            return base
        if document["status"] == "failed":
            sys.exit(f"{document['name']} could not be indexed: {document['error']}")
        time.sleep(0.3)
    sys.exit(
        f"{PROTOCOL.name} was not indexed within {INDEXING_SECONDS} s. Does /healthz name the model worker as ok?"
    )


def use_knowledge(http: httpx.Client, flow: dict, base: dict) -> None:
    for node in flow["graph"]["nodes"]:
        if node["type"] == "knowledge.retrieve":
            node["settings"]["base"] = base["id"]
    saved = ask(
        http, "PUT", f"/api/flows/{flow['id']}", json={"graph": flow["graph"], "revision": flow["revision"]}
    )
    problems = ask(http, "POST", f"/api/flows/{flow['id']}/validate", json={})["problems"]
    print(f"Saved revision {saved['revision']}; problems: {problems or 'none'}")


def run(http: httpx.Client, flow: dict) -> None:
    run = ask(http, "POST", f"/api/flows/{flow['id']}/runs", json={"inputs": {"question": QUESTION}})
    print(f"\n{QUESTION}")
    with http.stream("GET", f"/api/runs/{run['id']}/events") as events:
        for line in events.iter_lines():
            if line.startswith("data: "):
                show(json.loads(line.removeprefix("data: ")))


def show(event: dict) -> None:
    kind, data = event["type"], event["data"]
    if kind == "node.finished":
        print(
            f"  {event['seq']:>3}  {event['node']} finished in {data['seconds']:.2f} s {data['usage'] or ''}"
        )
    elif kind == "run.finished":
        print(f"  {event['seq']:>3}  reply: {data['reply']}")
    elif kind == "run.failed":
        sys.exit(f"The run failed at '{data['node']}': {data['error']}")


def publish(http: httpx.Client, flow: dict) -> None:
    version = ask(http, "POST", f"/api/flows/{flow['id']}/versions", json={"note": "first"})
    ask(http, "PUT", f"/api/flows/{flow['id']}/publication", json={"version": version["number"]})
    print(f"\nPublished version {version['number']} as the model '{flow['slug']}'")


def call(options: argparse.Namespace, flow: dict) -> None:
    client = OpenAI(base_url=f"{options.base}/v1", api_key=options.key)
    answer = client.chat.completions.create(
        model=flow["slug"], messages=[{"role": "user", "content": "Make a courier record."}]
    )
    print(f"openai, whole:    {answer.choices[0].message.content}  ({answer.usage.total_tokens} tokens)")
    stream = client.chat.completions.create(
        model=flow["slug"], messages=[{"role": "user", "content": "Make a depot record."}], stream=True
    )
    print("openai, streamed: ", end="")
    for chunk in stream:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
    print()


def ask(http: httpx.Client, method: str, path: str, **options: object) -> dict | list:
    answer = http.request(method, path, **options)
    answer.raise_for_status()
    return answer.json()


def message(response: httpx.Response) -> str:
    try:
        return response.json()["error"]["message"]
    except (ValueError, KeyError, TypeError):
        return response.text[:200]


if __name__ == "__main__":
    main()
