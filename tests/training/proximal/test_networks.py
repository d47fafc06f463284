"""What is said of padded texts is what is said of each alone."""

import pytest
import torch
from transformers import AutoModelForCausalLM

from flowbuilder.training.recipes.proximal.networks import distributions, of_tokens


@pytest.mark.parametrize("side", ["left", "right", "both"])
def test_padding_changes_no_log_probability(small, side):
    model = AutoModelForCausalLM.from_pretrained(small).eval()
    texts = [[3, 4, 5], [4, 6, 7, 8, 3, 5, 2], [8, 7, 6, 5]]
    ids, mask = torch.zeros(3, 9, dtype=torch.long), torch.zeros(3, 9, dtype=torch.long)
    for row, text in enumerate(texts):
        start = {"left": 9 - len(text), "right": 0, "both": (9 - len(text)) // 2}[side]
        ids[row, start : start + len(text)] = torch.tensor(text)
        mask[row, start : start + len(text)] = 1
    logprobs = of_tokens(distributions(model, ids, mask, 8, 0.7), ids)
    for row, text in enumerate(texts):
        alone = torch.tensor([text])
        wanted = of_tokens(distributions(model, alone, torch.ones_like(alone), len(text) - 1, 0.7), alone)[0]
        # A text's first token is not predicted from anything.
        first = mask[row].nonzero()[0].item()
        torch.testing.assert_close(logprobs[row, first : first + len(text) - 1], wanted, rtol=1e-4, atol=1e-5)
