"""A real SMTP server on this machine gets what is allowed, as one letter with nothing of the sender's making in its head."""

import email
from email import policy

import pytest
from aiosmtpd.controller import Controller

from flowbuilder.outside.mail import NodeMail, allowed
from nodes.base import NodeError
from nodes.services.mail import Letter


class Box:
    def __init__(self):
        self.letters = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone@"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(
            (envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=policy.default))
        )
        return "250 OK"


@pytest.fixture
def box(settings, unused_tcp_port):
    found = Box()
    controller = Controller(found, hostname="127.0.0.1", port=unused_tcp_port)
    controller.start()
    settings.FLOWBUILDER_MAIL_SERVER = f"smtp://127.0.0.1:{unused_tcp_port}"
    settings.FLOWBUILDER_MAIL_FROM = "Flows <flows@example.com>"
    settings.FLOWBUILDER_MAIL_RECIPIENTS = ["@example.com", "Bob@partner.example"]
    yield found
    controller.stop()


def letter(*to, **fields):
    return Letter(**{"to": to, "subject": "Parcel Zürich", "text": "It is here: ü\n.\nQUIT", **fields})


async def test_a_letter_arrives(box):
    message_id = await NodeMail().send(
        letter("ann@example.com", "bob@partner.example", reply_to="desk@example.com")
    )
    ((recipients, message),) = box.letters
    assert recipients == ["ann@example.com", "bob@partner.example"]
    assert (message["subject"], message["from"]) == ("Parcel Zürich", "Flows <flows@example.com>")
    assert (message["reply-to"], message["message-id"]) == ("desk@example.com", message_id)
    assert message.get_content().splitlines() == ["It is here: ü", ".", "QUIT"]


@pytest.mark.parametrize(
    "address", ["eve@evil.test", "ann@example.com.evil.test", "ann@notexample.com", "eve@partner.example"]
)
async def test_others_get_nothing(box, address):
    with pytest.raises(NodeError, match=f"'{address}' may not get mail from here"):
        await NodeMail().send(letter("ann@example.com", address))
    assert box.letters == []


async def test_a_recipient_that_the_server_refuses_is_named(box):
    with pytest.raises(NodeError, match="refuses gone@example.com"):
        await NodeMail().send(letter("gone@example.com"))


async def test_a_subject_makes_no_header(box):
    await NodeMail().send(letter("ann@example.com", subject="a\r\nBcc: eve@evil.test"))
    ((recipients, message),) = box.letters
    assert recipients == ["ann@example.com"] and message["bcc"] is None


async def test_it_is_off_until_it_is_set_up(settings, unused_tcp_port):
    settings.FLOWBUILDER_MAIL_SERVER = ""
    with pytest.raises(NodeError, match="No mail server is set up"):
        await NodeMail().send(letter("ann@example.com"))
    settings.FLOWBUILDER_MAIL_SERVER = f"smtp://user:canary@127.0.0.1:{unused_tcp_port}"
    settings.FLOWBUILDER_MAIL_FROM, settings.FLOWBUILDER_MAIL_RECIPIENTS = "a@example.com", ["@example.com"]
    with pytest.raises(NodeError, match="did not take the letter") as failed:
        await NodeMail().send(letter("ann@example.com"))
    assert "canary" not in str(failed.value)


def test_recipients_are_compared_without_case():
    assert allowed("ANN@Example.com", ["@example.COM"]) and not allowed("ann@example.com", [])
