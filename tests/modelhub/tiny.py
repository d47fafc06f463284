"""Recurrent models with random weights, small enough to be made on the spot."""

import torch
from transformers import (
    AutoModelForCausalLM,
    FalconMambaConfig,
    Mamba2Config,
    MambaConfig,
    PreTrainedModel,
    RecurrentGemmaConfig,
    RwkvConfig,
    xLSTMConfig,
)

XLSTM = {
    "num_heads": 2,
    "num_blocks": 2,
    "chunk_size": 16,
    "chunkwise_kernel": "chunkwise--native_autograd",
    "sequence_kernel": "native_sequence__native",
    "step_kernel": "native",
}


def recurrent(kind: str, vocabulary: int, **more) -> PreTrainedModel:
    """A model of rwkv, mamba, mamba2, falcon_mamba, recurrent_gemma or xlstm."""
    shape = {"vocab_size": vocabulary, "hidden_size": 32, "num_hidden_layers": 2, **more}
    configs = {
        "rwkv": lambda: RwkvConfig(**shape, context_length=64, attention_hidden_size=32),
        "mamba": lambda: MambaConfig(**shape, state_size=8),
        "mamba2": lambda: Mamba2Config(
            **shape, state_size=8, num_heads=4, head_dim=16, n_groups=1, chunk_size=16
        ),
        "falcon_mamba": lambda: FalconMambaConfig(**shape, state_size=8),
        "recurrent_gemma": lambda: RecurrentGemmaConfig(
            **shape,
            lru_width=32,
            block_types=["recurrent", "attention"],
            num_attention_heads=2,
            intermediate_size=64,
        ),
        # Its dimensions are rounded up to multiples of 64.
        "xlstm": lambda: xLSTMConfig(**shape | {"hidden_size": 128}, **XLSTM),
    }
    torch.manual_seed(0)
    return AutoModelForCausalLM.from_config(configs[kind]()).eval()
