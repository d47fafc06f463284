"""Models and agents of Langflow."""

from __future__ import annotations

from flowbuilder.importing.drawing import Port
from flowbuilder.importing.langflow.draw import Draw
from flowbuilder.importing.original import Original, text_in, whole_in
from flowbuilder.importing.providers import ModelSettings, model_of
from flowbuilder.importing.report import How

PROVIDERS = {
    "OpenAI": "openai",
    "Anthropic": "anthropic",
    "Google": "google",
    "Google Generative AI": "google",
}
SETTLED = {
    "model", "model_name", "provider", "agent_llm", "api_key", "openai_api_key", "stream", "input_value", "system_message",
    "anthropic_api_key", "google_api_key", "seed", "json_mode", "max_retries", "timeout", "model_kwargs",
}  # fmt: skip
"""Settings that were read already, or that say nothing to a model here."""


def model(to: Draw, node: Original) -> None:
    said = to.text(node, "input_value")
    system = node.text("system_message")
    wired = to.into(node, "system_message")
    found = _model(to, node)
    settings = {**found.settings("max_new_tokens", "temperature", "top_p"), "system": "" if wired else system}
    id_ = to.stage.add(node, "language.remote_model", settings)
    to.stage.drawing.wire(_asked(to, node, said, wired, []), id_, "prompt")
    found.tell(to.stage.report, node.label)
    to.outputs[node.id] = {"text_output": Port(id_)}
    to.stage.became(node, How.CONVERTED, "", id_)


def agent(to: Draw, node: Original) -> None:
    tools = to.into(node, "tools")
    said = to.text(node, "input_value")
    wired = to.into(node, "system_prompt")
    found = _model(to, node)
    settings = found.settings("max_new_tokens", "temperature")
    instructions = "" if wired else node.text("system_prompt")
    if tools:
        settings |= {
            "instructions": instructions,
            "most_steps": whole_in(node.take("max_iterations"), 1, 50) or 10,
        }
        settings["max_new_tokens"] = max(64, settings.get("max_new_tokens", 1024))
        id_ = to.stage.add(node, "language.remote_agent", settings)
    else:
        id_ = to.stage.add(node, "language.remote_model", {**settings, "system": instructions})
    node.ignore(
        "system_prompt",
        "memory",
        "handle_parsing_errors",
        "verbose",
        "add_current_date_tool",
        "n_messages",
        "agent_description",
    )
    to.stage.drawing.wire(_asked(to, node, said, wired, [to.stage.memory()]), id_, "prompt")
    for tool in tools:
        to.stage.drawing.wire(tool, id_, "tools")
    found.tell(to.stage.report, node.label)
    to.outputs[node.id] = {"response": Port(id_)}
    to.stage.became(node, How.CONVERTED, "", id_)


def _model(to: Draw, node: Original) -> ModelSettings:
    chosen = node.inputs.get("model")
    if isinstance(chosen, list) and chosen and isinstance(chosen[0], dict):
        provider, name = text_in(chosen[0].get("provider")), text_in(chosen[0].get("name"))
    else:
        provider = text_in(node.inputs.get("provider")) or text_in(node.inputs.get("agent_llm")) or node.kind
        name = text_in(node.inputs.get("model_name")) or text_in(chosen)
    base = node.text("openai_api_base") or node.text("base_url") or node.text("api_base")
    given = {
        "modelName": name,
        "baseUrl": base,
        "temperature": node.take("temperature"),
        "maxTokens": node.take("max_tokens"),
    }
    node.ignore(*SETTLED)
    return model_of(PROVIDERS.get(provider, provider), given)


def _asked(to: Draw, node: Original, said: Port, system: list[Port], history: list[Port]) -> Port:
    """As messages: only these take what may be of any kind, instructions that are wired, and what was said before."""
    rows = [{"role": "system", "template": "{{ instructions }}"}] if system else []
    id_ = to.stage.add(
        node,
        "language.chat_messages",
        {"rows": [*rows, {"role": "user", "template": "{{ question }}"}]},
        label="messages",
        beside=-320,
    )
    to.stage.drawing.wire(said, id_, "question")
    for port in system:
        to.stage.drawing.wire(port, id_, "instructions")
    for port in history:
        to.stage.drawing.wire(port, id_, "history")
    return Port(id_)
