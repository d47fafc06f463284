from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from nodes.base import Context, NodeError
from nodes.services.mail import Letter
from nodes.tools import filling
from nodes.tools.tool_node import ToolNode
from nodes.types import LongText

ADDRESS = re.compile(r"[^@\s,;<>\"']{1,64}@[A-Za-z0-9.-]{1,190}")
MOST_RECIPIENTS = 20
LONGEST_SUBJECT = 200


@dataclass(frozen=True)
class Sent:
    text: str
    """Who it was sent to."""
    message_id: str


class SendMail(ToolNode):
    """Sends a mail through the installation's mail server, to recipients that the administrator allows."""

    title = "Send mail"
    icon = "mail"
    tags = ("email", "e-mail", "smtp", "notify", "message", "letter")
    sends_out = True
    timeout = 90

    to: str = Field("", max_length=2000)
    """Who gets it, separated by commas. Each name in double braces becomes an input, here and below."""
    subject: str = Field("{{ subject }}", min_length=1, max_length=500)
    """What stands above it."""
    body: LongText = "{{ text }}"
    """The letter, as plain text."""
    reply_to: str = Field("", max_length=250)
    """Where answers go; empty leaves the sender's address."""

    def inputs(self) -> dict[str, Any]:
        return dict.fromkeys(filling.names_in(self.to, self.subject, self.body), object)

    async def run(self, ctx: Context, **values: object) -> Sent:
        if ctx.mail is None:
            raise NodeError("This installation sends no mail.")
        recipients = self._recipients(filling.text(self.to, values))
        subject = " ".join(filling.text(self.subject, values).split())[:LONGEST_SUBJECT]
        if self.reply_to and not ADDRESS.fullmatch(self.reply_to):
            raise NodeError(f"Setting 'reply_to': '{self.reply_to[:60]}' is no mail address.")
        letter = Letter(
            to=recipients, subject=subject, text=filling.text(self.body, values), reply_to=self.reply_to
        )
        message_id = await ctx.mail.send(letter)
        ctx.report("metric", {"recipients": len(recipients)})
        return Sent(text=f"Sent to {', '.join(recipients)}.", message_id=message_id)

    @staticmethod
    def _recipients(written: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(part.strip() for part in re.split(r"[,;\n]", written) if part.strip()))
        if not found:
            raise NodeError("Setting 'to' is empty: write who gets it.")
        if len(found) > MOST_RECIPIENTS:
            raise NodeError(
                f"Setting 'to' names {len(found)} recipients; {MOST_RECIPIENTS} get a mail at once."
            )
        wrong = next((each for each in found if not ADDRESS.fullmatch(each)), None)
        if wrong is not None:
            raise NodeError(f"Setting 'to': '{wrong[:60]}' is no mail address.")
        return found
