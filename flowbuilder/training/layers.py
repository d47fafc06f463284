"""The weight matrices that LoRA stands beside."""

LAYERS = {
    "GPT-2": ("c_attn", "c_proj", "c_fc"),
    "Llama": ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"),
    "Lfm2": ("q_proj", "k_proj", "v_proj", "out_proj", "in_proj", "w1", "w2", "w3"),
}
"""The weight matrices inside the layers, by the family of models that calls them so."""
KNOWN = frozenset(name for names in LAYERS.values() for name in names)
