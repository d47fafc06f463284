"""Where the settings come from: for each the paper that it is a symbol of, and the place in it.

A key may name the recipe, where the same setting means another thing in each.
"""

from __future__ import annotations

PPO = "Schulman et al. 2017, “Proximal Policy Optimization Algorithms”"
GAE = "Schulman et al. 2016, “High-Dimensional Continuous Control Using Generalized Advantage Estimation”"
HUMAN = "Ziegler et al. 2019, “Fine-Tuning Language Models from Human Preferences”"
DETAILS = "Huang et al. 2024, “The N+ Implementation Details of RLHF with PPO”"
SUMMARIES = "Stiennon et al. 2020, “Learning to Summarize from Human Feedback”"

SOURCES: dict[str, str] = {
    "learning_rate": "Kingma and Ba 2015, “Adam”, algorithm 1 (α)",
    "critic_learning_rate": "Kingma and Ba 2015, “Adam”, algorithm 1 (α)",
    "lora_rank": "Hu et al. 2022, “LoRA”, section 4.1 (r)",
    "patience": "Prechelt 1998, “Early Stopping – But When?”, section 2.2",
    "min_gain": "Prechelt 1998, “Early Stopping – But When?”, section 2.2",
    "kl": f"{HUMAN}, section 2.1 (β)",
    "grpo.kl": "Shao et al. 2024, “DeepSeekMath”, section 4.1.1 (β)",
    "rloo.kl": "Ahmadian et al. 2024, “Back to Basics”, section 2 (β)",
    "grpo.answers_per_prompt": "Shao et al. 2024, “DeepSeekMath”, section 4.1.1 (G)",
    "rloo.answers_per_prompt": "Ahmadian et al. 2024, “Back to Basics”, section 3 (k)",
    "dpo.beta": "Rafailov et al. 2023, “Direct Preference Optimization”, section 4 (β)",
    "kto.beta": "Ethayarajh et al. 2024, “KTO”, section 4 (β)",
    "orpo.beta": "Hong et al. 2024, “ORPO”, section 4 (λ)",
    "target_kl": f"{HUMAN}, section 2.2",
    "epochs": f"{PPO}, algorithm 1 (K)",
    "minibatches": f"{PPO}, algorithm 1 (M)",
    "clip": f"{PPO}, section 3 (ε)",
    "value_clip": f"{DETAILS}",
    "value_coefficient": f"{PPO}, section 5 (c₁)",
    "gamma": f"{GAE}, section 3 (γ)",
    "lam": f"{GAE}, section 3 (λ)",
    "missing_end_penalty": f"{DETAILS}",
    "temperature": f"{SUMMARIES}, appendix B",
}


def source_of(recipe: str, setting: str) -> str:
    """Empty for what is a matter of time, memory and taste."""
    return SOURCES.get(f"{recipe}.{setting}") or SOURCES.get(setting, "")
