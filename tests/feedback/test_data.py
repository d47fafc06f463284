"""Training data out and in: TRL's formats, all lines or none."""

import json

import pytest

from flowbuilder.feedback.models import Rating
from flowbuilder.feedback.services import rate

pytestmark = pytest.mark.django_db
LINES = [
    {"prompt": "p", "completion": "c"},
    {"prompt": "p", "chosen": "yes", "rejected": "no"},
    {"prompt": "p", "completion": "c", "label": False},
    {"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "ho"}]},
]


@pytest.fixture
def ratings(asker, as_teammate, make_run):
    rate(asker=asker, run=make_run("good"), kind="thumbs", up=True)
    rate(asker=as_teammate, run=make_run("bad"), kind="thumbs", up=False, reason="wrong")
    rate(asker=asker, run=make_run("poor"), kind="correction", correction="better “é”")
    rate(asker=asker, run=make_run("?"), kind="skip")


def exported(send, user, format_, **query) -> list[dict]:
    answer = send(user, "get", "/api/feedback/export", {"format": format_, **query})
    assert answer.status_code == 200 and answer["Content-Disposition"].startswith("attachment")
    return [json.loads(line) for line in b"".join(answer).splitlines()]


def test_each_format_has_what_it_needs(send, owner, ratings):
    prompt = "Q: A parcel?"
    assert exported(send, owner, "completion") == [
        {"prompt": prompt, "completion": "good"},
        {"prompt": prompt, "completion": "better “é”"},
    ]
    assert exported(send, owner, "preference") == [
        {"prompt": prompt, "chosen": "better “é”", "rejected": "poor"}
    ]
    assert [(row["completion"], row["label"]) for row in exported(send, owner, "label")] == [
        ("good", True),
        ("bad", False),
        ("poor", False),
        ("better “é”", True),
    ]
    assert exported(send, owner, "messages")[0]["messages"][1] == {"role": "assistant", "content": "good"}


def test_datasets_and_trl_know_the_columns(send, owner, ratings, tmp_path):
    from datasets import load_dataset
    from trl import is_conversational

    columns = {}
    for format_ in ("completion", "preference", "label", "messages"):
        file = tmp_path / f"{format_}.jsonl"
        answer = send(owner, "get", "/api/feedback/export", {"format": format_})
        file.write_bytes(b"".join(answer))
        loaded = load_dataset("json", data_files=str(file), split="train", cache_dir=str(tmp_path / "cache"))
        columns[format_] = set(loaded.column_names)
        assert is_conversational(loaded[0]) == (format_ == "messages")
    assert columns == {
        "completion": {"prompt", "completion"},
        "preference": {"prompt", "chosen", "rejected"},
        "label": {"prompt", "completion", "label"},
        "messages": {"messages"},
    }


def put_in(api_client, user, text, query=""):
    return api_client(user).post(f"/api/feedback/import{query}", text, content_type="application/jsonl")


def test_what_was_exported_comes_in_again(send, api_client, owner, flow):
    text = "\n".join(json.dumps(line) for line in LINES) + "\n\n"
    assert put_in(api_client, owner, text, f"?flow={flow.pk}").json() == {"lines": 4, "kept": 4, "known": 0}
    assert put_in(api_client, owner, text, f"?flow={flow.pk}").json() == {"lines": 4, "kept": 0, "known": 4}
    assert exported(send, owner, "preference", flow=str(flow.pk)) == [LINES[1]]
    assert exported(send, owner, "label") == [LINES[2]]
    assert LINES[3] in exported(send, owner, "messages") and LINES[0] in exported(send, owner, "completion")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON"),
        ("5", "its fields are none of these"),
        ('{"prompt": "p"}', "its fields are none of these: prompt, completion; prompt, chosen, rejected"),
        ('{"prompt": "p", "completion": 5}', "'completion'"),
        ('{"prompt": "", "completion": "c"}', "'prompt'"),
        ('{"prompt": "p", "completion": "a\\u0000"}', "'completion'"),
        ('{"prompt": "p", "completion": "\\ud800"}', "'completion'"),
        ('{"prompt": "p", "chosen": "a", "rejected": "a"}', "are the same"),
        ('{"prompt": "p", "completion": "c", "label": 1}', "'label'"),
        ('{"messages": [{"role": "user", "content": "hi"}]}', "'messages'"),
        (
            '{"messages": [{"role": "user", "content": "hi"}, {"role": "user", "content": "ho"}]}',
            "the assistant's",
        ),
        ('{"prompt": "p", "completion": ""}', "answer is empty"),
        ("[" * 100_000, "not JSON|nested too deeply|too deep"),
    ],
    ids=lambda value: value[:40],
)
def test_a_wrong_line_is_named_and_nothing_is_kept(api_client, owner, line, says):
    import re

    answer = put_in(api_client, owner, json.dumps(LINES[0]) + "\n" + line + "\n" + "{}")
    error = answer.json()["error"]
    assert answer.status_code == 422 and error["message"].startswith("Line 2: ")
    assert re.search(says, error["message"])
    assert [place["line"] for place in error["details"]] == [2, 3]
    assert not Rating.objects.exists()


@pytest.mark.parametrize("file", ["csv", "parquet"])
def test_other_files_go_out_and_come_in_again(send, api_client, owner, ratings, file):
    answer = send(owner, "get", "/api/feedback/export", {"format": "preference", "file": file})
    assert answer["Content-Disposition"] == f'attachment; filename="feedback-preference.{file}"'
    data = b"".join(answer)
    Rating.objects.all().delete()
    found = api_client(owner).post(f"/api/feedback/import?file={file}", data, content_type="text/csv")
    assert found.json() == {"lines": 1, "kept": 1, "known": 0}
    assert Rating.objects.get().pairs() == [("better “é”", "poor")]


def test_what_is_no_text_or_nothing_is_refused(api_client, owner):
    assert "Line 2 is not UTF-8" in put_in(api_client, owner, b"{}\n\xff").json()["error"]["message"]
    assert "There are no rows" in put_in(api_client, owner, b"\n").json()["error"]["message"]
    assert put_in(api_client, owner, "\n" * 50_001).status_code == 422


def test_who_may_not(send, api_client, viewer, stranger, ratings, flow):
    line = json.dumps(LINES[0])
    assert put_in(api_client, viewer, line).status_code == 403
    assert put_in(api_client, stranger, line, f"?flow={flow.pk}").status_code == 404
    assert put_in(api_client, None, line).status_code == 401
    assert len(exported(send, viewer, "completion")) == 2
    assert exported(send, stranger, "completion") == []
    assert send(None, "get", "/api/feedback/export?format=label").status_code == 401
