"""Models of nine tokens, and a job of PPO for them."""

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from transformers import GPT2Config, GPT2LMHeadModel, Lfm2Config, Lfm2ForCausalLM, PreTrainedTokenizerFast

from flowbuilder.training.recipes.ppo import Learner, PpoJob

LETTERS = "abcdef"


def folder_of(model, folder):
    """A model of six letters, an end and a pad."""
    words = {word: number for number, word in enumerate(["<pad>", "<end>", "say", *LETTERS])}
    tokenizer = Tokenizer(WordLevel(words, unk_token="say"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    model.save_pretrained(folder)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="<end>").save_pretrained(
        folder
    )
    return folder


ENDS = {"vocab_size": 9, "bos_token_id": None, "eos_token_id": 1, "pad_token_id": 0}


def gpt2():
    return GPT2LMHeadModel(GPT2Config(n_embd=16, n_layer=2, n_head=2, n_positions=32, **ENDS))


def lfm2():
    shape = {"hidden_size": 16, "intermediate_size": 32, "num_attention_heads": 2, "num_key_value_heads": 2}
    layers = {"num_hidden_layers": 2, "layer_types": ["conv", "full_attention"]}
    return Lfm2ForCausalLM(Lfm2Config(max_position_embeddings=32, **shape, **layers, **ENDS))


def job(model, tmp_path, **fields):
    settings = {
        "model": model,
        "out_dir": tmp_path / "out",
        "work_dir": tmp_path / "work",
        "prompts": [{"prompt": "say"}, {"prompt": "say a b"}],
        "judge": {"rewards": [{"kind": "pattern", "pattern": "c"}]},
        "prompts_per_step": 4,
        "answers_per_prompt": 4,
        "max_new_tokens": 6,
    }
    return PpoJob(**(settings | fields))


def learner(model, tmp_path, **fields):
    (tmp_path / "work").mkdir(exist_ok=True)
    torch.manual_seed(1)
    return Learner(job(model, tmp_path, **fields))
