import pytest

from nodes.base import NodeError
from nodes.tools.send_mail import SendMail


class FakeMail:
    def __init__(self):
        self.sent = []

    async def send(self, letter):
        self.sent.append(letter)
        return "<1@example.com>"


@pytest.fixture
def ctx(make_context):
    return make_context(mail=FakeMail())


async def test_a_letter_is_written_from_its_template(ctx):
    node = SendMail(to="ann@example.com, {{ other }}", subject="Parcel {{ id }}", body="It is {{ id }}.")
    assert list(node.inputs()) == ["other", "id"]
    sent = await node.run(ctx, other="bob@example.com", id="PX-1\nBcc: evil@example.test")
    (letter,) = ctx.mail.sent
    assert letter.to == ("ann@example.com", "bob@example.com")
    assert letter.subject == "Parcel PX-1 Bcc: evil@example.test" and "\n" not in letter.subject
    assert (sent.text, sent.message_id) == ("Sent to ann@example.com, bob@example.com.", "<1@example.com>")


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"to": ""}, "Setting 'to' is empty"),
        ({"to": "nobody"}, "Setting 'to': 'nobody' is no mail address"),
        ({"to": "Ann <ann@example.com>"}, "no mail address"),
        ({"to": ",".join(f"a{n}@example.com" for n in range(21))}, "names 21 recipients"),
        ({"to": "a@example.com", "reply_to": "x"}, "Setting 'reply_to'"),
    ],
)
async def test_errors_name_the_setting(ctx, settings, why):
    with pytest.raises(NodeError, match=why):
        await SendMail(subject="s", body="b", **settings).run(ctx)
    assert ctx.mail.sent == []


async def test_without_the_service_it_says_so(make_context):
    with pytest.raises(NodeError, match="sends no mail"):
        await SendMail(to="a@example.com", subject="s", body="b").run(make_context())
