"""As a chat model, by OpenAI's API."""

from __future__ import annotations

from flowbuilder.publishing.samples.sample import KEY, Sample, Way, as_json, curl


def way(slug: str, question: str, base: str) -> Way:
    asked = {"model": slug, "messages": [{"role": "user", "content": question}]}
    chat = f"{base}/v1/chat/completions"
    samples = (
        Sample("curl", "curl", curl(chat, asked)),
        Sample("python", "Python", _python(base, asked)),
        Sample("javascript", "JavaScript", _javascript(base, asked)),
    )
    return Way("openai", "OpenAI", samples)


def _python(base: str, asked: dict[str, object]) -> str:
    return f"""import os
from openai import OpenAI

client = OpenAI(base_url={as_json(f"{base}/v1")}, api_key=os.environ["{KEY}"])
stream = client.chat.completions.create(
    model={as_json(asked["model"])},
    messages={as_json(asked["messages"])},
    stream=True,
)
for chunk in stream:
    print(chunk.choices[0].delta.content or "", end="")"""


def _javascript(base: str, asked: dict[str, object]) -> str:
    return f"""import OpenAI from "openai";

const client = new OpenAI({{ baseURL: {as_json(f"{base}/v1")}, apiKey: process.env.{KEY} }});
const stream = await client.chat.completions.create({{
  model: {as_json(asked["model"])},
  messages: {as_json(asked["messages"])},
  stream: true,
}});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? "");"""
