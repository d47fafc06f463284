"""A run's events as OpenAI's objects: pieces, the whole, and what the answer rests on."""

import json
import uuid
from types import SimpleNamespace

import pytest

from flowbuilder.publishing.openai import answer
from flowbuilder.publishing.openai.answer import Answer, RunFailed
from flowbuilder.publishing.openai.completion import Completion

GRAPH = {
    "nodes": [
        {"id": "start_1", "type": "flow.start"},
        {"id": "model_1", "type": "language.local_model"},
        {"id": "reply_1", "type": "flow.reply"},
    ],
    "wires": [
        {"id": "w1", "source": "start_1", "source_port": "out", "target": "model_1", "target_port": "prompt"},
        {
            "id": "w2",
            "source": "model_1",
            "source_port": "out",
            "target": "reply_1",
            "target_port": "content",
        },
    ],
}
CITED = {
    "number": 1,
    "source": "protocol.md",
    "heading": "Protocol › Parcel record",
    "quote": "A parcel has a weight.",
    "document_id": "d-1",
    "passage_id": "7",
    "start": 10,
    "end": 32,
    "cited": True,
}


@pytest.fixture
def answering(monkeypatch):
    """``answering(*citations)``: the completion of a run that says "It has a weight [1]." and rests on these."""

    def make(*citations, end="run.finished"):
        data = {"reply": "It has a weight [1].", **({"citations": list(citations)} if citations else {})}
        events = [
            {"type": "node.token", "node": "model_1", "data": {"text": "It has "}},
            {
                "type": "node.finished",
                "node": "model_1",
                "data": {"usage": {"prompt_tokens": 9, "completion_tokens": 5}},
            },
            {"type": end, "node": "", "data": data if end == "run.finished" else {"error": "No model."}},
        ]

        async def follow(run_id, begins):
            for event in events:
                yield event

        monkeypatch.setattr(answer, "follow", follow)
        return Completion(
            Answer(SimpleNamespace(pk=uuid.uuid4(), graph=GRAPH, status="queued", caller={})), model="desk"
        )

    return make


async def streamed(made):
    frames = [
        frame.decode().removeprefix("data: ").strip() async for frame in made.chunks(include_usage=True)
    ]
    return [json.loads(frame) for frame in frames if frame != "[DONE]"], frames[-1]


async def test_the_whole_answer_says_what_it_rests_on(answering):
    made = answering(
        CITED, {**CITED, "number": 2, "source": "notes.md", "document_id": "d-2", "cited": False}
    )
    text = "".join([piece async for piece in made.answer.text()])
    (choice,) = made.whole(text)["choices"]
    assert choice["message"]["content"] == "It has a weight [1]."
    assert choice["message"]["citations"][0] == CITED
    assert choice["message"]["annotations"] == [
        {"type": "file_citation", "file_id": "d-1", "filename": "protocol.md", "index": 0},
        {"type": "file_citation", "file_id": "d-2", "filename": "notes.md", "index": 1},
    ]
    assert made.whole(text)["usage"] == {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}


async def test_without_citations_the_message_has_none_of_their_fields(answering):
    made = answering()
    text = "".join([piece async for piece in made.answer.text()])
    assert set(made.whole(text)["choices"][0]["message"]) == {"role", "content", "refusal"}


async def test_in_a_stream_they_come_with_its_last_piece(answering):
    chunks, last = await streamed(answering(CITED))
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks if chunk["choices"]]
    assert "".join(delta.get("content", "") for delta in deltas) == "It has a weight [1]."
    assert [delta for delta in deltas if "citations" in delta] == [deltas[-1]]
    assert deltas[-1]["citations"] == [CITED] and deltas[-1]["annotations"][0]["filename"] == "protocol.md"
    assert chunks[-1]["usage"]["total_tokens"] == 14 and last == "[DONE]"


async def test_a_run_that_fails_cites_nothing(answering):
    with pytest.raises(RunFailed, match="No model"):
        _ = [piece async for piece in answering(end="run.failed").answer.text()]
    chunks, last = await streamed(answering(end="run.failed"))
    assert "citations" not in json.dumps(chunks) and json.loads(last)["error"]["code"] == "run_failed"
