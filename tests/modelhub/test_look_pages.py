"""The page that looks into a model, with a real look of a real model in place of the worker's."""

import re

import pytest

from flowbuilder.accounts.models import Membership, Role, User
from flowbuilder.modelhub import look_pages
from flowbuilder.modelhub.heat import heat, shown
from flowbuilder.modelhub.models import ModelVersion
from flowbuilder.modelhub.runtime.looking import looked
from flowbuilder.modelhub.runtime.request import Request
from nodes.base import NodeError


@pytest.fixture
def version(asker):
    return ModelVersion.objects.get(workspace=asker.workspace, model__name="starter")


@pytest.fixture
def look(monkeypatch, make_model, tokenizer, api_client, owner, version):
    """``look(architecture, query)``: the page of such a model."""

    def look(architecture: str, user=owner, **query) -> str:
        model = make_model(architecture)

        async def look_into(version, text, asked):
            request = Request("1", "", architecture, [{"role": "user", "content": text}], look=asked)
            try:
                return looked(model, tokenizer, request).facts
            except ValueError as error:
                raise NodeError(str(error)) from error

        monkeypatch.setattr(look_pages, "look_into", look_into)
        answer = api_client(user).get(f"/models/versions/{version.pk}/look/", query)
        assert answer.status_code == 200
        return answer.content.decode()

    return look


def test_tokens_what_comes_next_and_a_map(look, tokenizer):
    shown = look("gpt2", text="The van leaves.")
    count = len(tokenizer("The van leaves.").input_ids)
    assert shown.count('data-testid="token"') == count
    assert shown.count('data-testid="next-token"') == 12
    assert 'data-testid="map"' in shown and shown.count("<rect ") <= count * count


def test_a_token_is_taken_and_given_back(look):
    first = look("gpt2", text="The van")
    (go_on, *_) = re.findall(r'href="\?(text=The\+van&amp;then=\d+)"', first)
    taken = go_on.rpartition("=")[2]
    second = look("gpt2", text="The van", then=taken)
    assert second.count('data-testid="token"') == first.count('data-testid="token"') + 1
    assert f"then={taken}%2C" in second and 'href="?text=The+van"' in second


def test_an_encoder_decoder_has_three_maps(look):
    shown = look("t5", text="The van leaves.", kind="cross", head=1)
    assert "decoder to encoder" in shown and "layer 0, head 1" in shown


def test_what_cannot_be_shown_is_said(look):
    assert "48 are shown" in look("gpt2", text="word " * 80)
    assert "this model reads 256" in look("gpt2", text="word " * 400)
    assert "data-testid" not in look("gpt2", text="x", then="1;2").partition('id="found"')[2]


def test_a_viewer_reads_the_page_and_does_not_look(api_client, workspace, version):
    viewer = User.objects.create_user("viewer@example.test", "correct horse battery")
    Membership.objects.create(user=viewer, workspace=workspace, role=Role.VIEWER)
    path = f"/models/versions/{version.pk}/look/"
    page = api_client(viewer).get(path)
    assert page.status_code == 200 and b"takes the right to run" in page.content
    assert b"<textarea" not in page.content
    assert api_client(viewer).get(path, {"text": "x"}).status_code == 403


def test_squares_are_as_strong_as_their_weights():
    drawn = heat(bytes([255, 0, 51, 204]), ["a", "b"], ["a", "b"])
    assert [(square.strength, square.title) for square in drawn.squares] == [
        (1.0, "a → a: 100%"),
        (0.2, "b → a: 20%"),
        (0.8, "b → b: 80%"),
    ]
    assert drawn.squares[2].x == drawn.columns[1][0] and drawn.squares[2].y == drawn.rows[1][0]
    assert shown({"text": " a\n", "piece": "x"}) == "·a⏎" and shown({"text": "", "piece": "<s>"}) == "<s>"
    assert shown({"text": "\ufffd", "piece": "Ċx"}) == shown({"text": "\x00", "piece": "Ċx"}) == "Ċx"
