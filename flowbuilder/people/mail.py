"""Mail to people, where the administrator named a mail server."""

from __future__ import annotations

import logging
import smtplib

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from flowbuilder.people import languages
from flowbuilder.people.models import Invitation
from flowbuilder.sharing.models import Offer, Share

log = logging.getLogger(__name__)
NOT_SENT = {"django.core.mail.backends.console.EmailBackend", "django.core.mail.backends.dummy.EmailBackend"}


def can_send() -> bool:
    """The console tells mail to whoever reads the log, and to nobody else."""
    return settings.EMAIL_BACKEND not in NOT_SENT


def send(invitation: Invitation, link: str) -> bool:
    """Whether the server took it; where not, the link has to be passed on by hand."""
    if not invitation.email or not can_send():
        return False
    with override(languages.of(invitation.email)):
        subject = _("Join %(workspace)s on Flowbuilder") % {"workspace": one_line(invitation.workspace.name)}
        text = render_to_string("people/invitation.txt", {"invitation": invitation, "link": link})
    if not _post(invitation.email, subject, text):
        return False
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=timezone.now())
    return True


def send_share(share: Share, name: str, link: str) -> bool:
    """The letter of a share with an address; the same to who has an account and to who has none."""
    if not share.email or not can_send():
        return False
    with override(languages.of(share.email)):
        subject = _("“%(name)s” is shared with you on Flowbuilder") % {"name": one_line(name)}
        text = render_to_string("people/share.txt", {"share": share, "name": name, "link": link})
    if not _post(share.email, subject, text):
        return False
    Share.objects.filter(pk=share.pk).update(sent_at=timezone.now())
    return True


def send_offer(offer: Offer, name: str, link: str) -> bool:
    """The letter to whom something is offered; the same to who has an account and to who has none."""
    if not can_send():
        return False
    with override(languages.of(offer.email)):
        subject = _("“%(name)s” is offered to you on Flowbuilder") % {"name": one_line(name)}
        text = render_to_string("people/offer.txt", {"offer": offer, "name": name, "link": link})
    return _post(offer.email, subject, text)


def _post(address: str, subject: str, text: str) -> bool:
    try:
        send_mail(subject, text, None, [address])
    except (OSError, smtplib.SMTPException) as error:
        log.warning("a letter could not be sent: %s", type(error).__name__)
        return False
    return True


def one_line(text: str) -> str:
    """Mail's headers have no line breaks."""
    return " ".join(text.split())
