"""An evaluation's figures stand in the card of the version that was measured."""

import pytest

from flowbuilder.modelhub.card import card_of

pytestmark = pytest.mark.django_db


def test_the_card_tells_what_was_measured(asker, evaluation, trained):
    text = card_of(asker, trained)
    assert "## Evaluation against starter@1" in text and "On 24 prompts" in text
    assert "| Prompts answered worse, better |  | 1, 22 |  |" in text
    assert "| TASS | 25.0 | 75.0 |  |" in text
    assert "| Wins by rewards |" in text


def test_the_old_version_s_card_does_not_claim_it(asker, evaluation, trained):
    assert "Evaluation against" not in card_of(asker, trained.parent)
