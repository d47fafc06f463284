"""A model with random weights, and what it learns with."""

import torch
from transformers import (
    GenerationConfig,
    GPT2Config,
    GPT2LMHeadModel,
    Lfm2Config,
    Lfm2ForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from flowbuilder.training.recipes.pretraining.config import PretrainConfig


def build_model(config: PretrainConfig, tokenizer: PreTrainedTokenizerFast) -> PreTrainedModel:
    """A model with random weights; embeddings are tied to the output layer."""
    model = _random_model(config, tokenizer)
    model.generation_config = GenerationConfig(
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        max_new_tokens=256,
        do_sample=False,
    )
    return model


def _random_model(config: PretrainConfig, tokenizer: PreTrainedTokenizerFast) -> PreTrainedModel:
    shared = {
        "vocab_size": len(tokenizer),
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": None,
        "eos_token_id": tokenizer.eos_token_id,
        "tie_word_embeddings": True,
    }
    if config.architecture == "gpt2":
        return GPT2LMHeadModel(
            GPT2Config(
                n_positions=config.max_length,
                n_embd=config.hidden_size,
                n_layer=len(config.layers),
                n_head=config.heads,
                n_inner=config.intermediate_size,
                resid_pdrop=0.0,
                embd_pdrop=0.0,
                attn_pdrop=0.0,
                **shared,
            )
        )
    return Lfm2ForCausalLM(
        Lfm2Config(
            hidden_size=config.hidden_size,
            intermediate_size=config.intermediate_size,
            block_auto_adjust_ff_dim=False,
            num_hidden_layers=len(config.layers),
            layer_types=["full_attention" if letter == "a" else "conv" for letter in config.layers],
            num_attention_heads=config.heads,
            num_key_value_heads=config.heads,
            max_position_embeddings=config.max_length,
            # Contexts of a few hundred tokens: the default base of 1e6 leaves most rotary pairs unused.
            rope_parameters={"rope_type": "default", "rope_theta": 10_000.0},
            **shared,
        )
    )


def make_optimizer(config: PretrainConfig, model: PreTrainedModel) -> torch.optim.AdamW:
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    rest = [p for p in model.parameters() if p.dim() < 2]
    return torch.optim.AdamW(
        [{"params": matrices, "weight_decay": config.weight_decay}, {"params": rest, "weight_decay": 0.0}],
        lr=config.learning_rate,
        betas=(0.9, 0.98),
        fused=True,
    )
