"""Vectors of the embedder that is shipped."""

from __future__ import annotations

from django.utils.translation import gettext as _

from flowbuilder.knowledge.embedders import SHIPPED_NAME
from flowbuilder.publishing.samples.sample import KEY, Sample, Way, as_json, curl


def way(text: str, base: str) -> Way:
    asked = {"model": SHIPPED_NAME, "input": text}
    url = f"{base}/v1/embeddings"
    python = f"""import os
from openai import OpenAI

client = OpenAI(base_url={as_json(f"{base}/v1")}, api_key=os.environ["{KEY}"])
found = client.embeddings.create(model={as_json(SHIPPED_NAME)}, input={as_json(text)})
print(len(found.data[0].embedding), "dimensions")"""
    javascript = f"""import OpenAI from "openai";

const client = new OpenAI({{ baseURL: {as_json(f"{base}/v1")}, apiKey: process.env.{KEY} }});
const found = await client.embeddings.create({{
  model: {as_json(SHIPPED_NAME)},
  input: {as_json(text)},
}});
console.log(found.data[0].embedding.length, "dimensions");"""
    samples = (
        Sample("embeddings-curl", "curl", curl(url, asked)),
        Sample("embeddings-python", "Python", python),
        Sample("embeddings-javascript", "JavaScript", javascript),
    )
    return Way("embeddings", _("Embeddings"), samples)
