"""Architectures that transformers can build but does not name. Import it before loading by Auto classes."""

from transformers import AutoModelForSequenceClassification, Lfm2Config, Lfm2PreTrainedModel
from transformers.modeling_layers import GenericForSequenceClassification


class Lfm2ForSequenceClassification(GenericForSequenceClassification, Lfm2PreTrainedModel):  # type: ignore[misc]
    """A score read from the last token: what a reward model grown from the starter model is."""


AutoModelForSequenceClassification.register(Lfm2Config, Lfm2ForSequenceClassification, exist_ok=True)
