"""Which model stands behind a node of another builder, and where its maker answers as OpenAI does.

Addresses are those that the makers document for their OpenAI-compatible endpoints. What answers only in its own way
gets none: a person has to name a server that does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flowbuilder.importing.report import Report

MOST_TOKENS = 32768
ADDRESSES = {
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com/v1",
    "googlegenerativeai": "https://generativelanguage.googleapis.com/v1beta/openai",
    "googlegemini": "https://generativelanguage.googleapis.com/v1beta/openai",
    "google": "https://generativelanguage.googleapis.com/v1beta/openai",
    "gemini": "https://generativelanguage.googleapis.com/v1beta/openai",
    "mistralai": "https://api.mistral.ai/v1",
    "mistral": "https://api.mistral.ai/v1",
    "groq": "https://api.groq.com/openai/v1",
    "deepseek": "https://api.deepseek.com/v1",
    "xai": "https://api.x.ai/v1",
    "cohere": "https://api.cohere.ai/compatibility/v1",
    "openrouter": "https://openrouter.ai/api/v1",
    "togetherai": "https://api.together.xyz/v1",
    "fireworks": "https://api.fireworks.ai/inference/v1",
    "perplexity": "https://api.perplexity.ai",
    "cerebras": "https://api.cerebras.ai/v1",
    "nvidianim": "https://integrate.api.nvidia.com/v1",
    "alibabatongyi": "https://dashscope.aliyuncs.com/compatible-mode/v1",
    "tongyi": "https://dashscope.aliyuncs.com/compatible-mode/v1",
    "sambanova": "https://api.sambanova.ai/v1",
    "moonshot": "https://api.moonshot.cn/v1",
    "zhipuai": "https://open.bigmodel.cn/api/paas/v4",
    "huggingfaceinference": "https://router.huggingface.co/v1",
    "huggingface": "https://router.huggingface.co/v1",
}
OLLAMA = "http://localhost:11434/v1"
ADDRESS = ("basepath", "basePath", "baseUrl", "base_url", "overrideEndpoint", "endpoint", "baseURL")
NAME = ("customModelName", "modelName", "model_name", "model", "azureOpenAIApiDeploymentName", "name")
TOKENS = (
    "maxTokens",
    "maxOutputTokens",
    "maxTokensToSample",
    "max_tokens",
    "maxNewTokens",
    "max_output_tokens",
)
SILENT = {
    "cache", "streaming", "credential", "allowImageUploads", "imageResolution", "llmModel", "agentModel",
    "conditionAgentModel", "humanInputModel", "FLOWISE_CREDENTIAL_ID", "undefined", "budgetTokens",
}  # fmt: skip
"""Settings of a model that change no answer of a flow here, or that say twice what is said elsewhere."""


@dataclass
class ModelSettings:
    """What a node here is set to, to ask the same model."""

    kind: str
    base_url: str = ""
    model_name: str = ""
    rest: dict[str, Any] = field(default_factory=dict)
    """Temperature, limits."""
    unused: dict[str, Any] = field(default_factory=dict)

    def settings(self, *names: str) -> dict[str, Any]:
        """Those of the model, and of the rest what the node has."""
        found = {"base_url": self.base_url, "model_name": self.model_name}
        return {**found, **{name: self.rest[name] for name in names if name in self.rest}}

    @property
    def host(self) -> str:
        try:
            return urlsplit(self.base_url).hostname or ""
        except ValueError:
            return ""

    def tell(self, report: Report, node: str) -> None:
        """What somebody has to do before it answers."""
        what = self.model_name or self.kind
        if not self.base_url:
            report.needs(
                node,
                f"Name an OpenAI-compatible address for {what}: {self.kind} has none of its own that is known here.",
            )
        elif self.host:
            report.hosts.append({"host": self.host, "node": node})
        if not self.model_name:
            report.needs(node, "Name the model.")
        if self.host not in {"localhost", "127.0.0.1"}:
            report.secrets.append({"node": node, "what": f"The key for {self.host or self.kind}"})
        for name, value in self.unused.items():
            report.lose(node, name, value)


def model_of(kind: str, settings: dict[str, Any]) -> ModelSettings:
    """Of a model node, or of what stands nested in an agent's settings."""
    provider = provider_of(kind)
    given = {name: value for name, value in settings.items() if value not in (None, "", [], {})}
    found = ModelSettings(kind)
    found.base_url = _address(provider, given)
    found.model_name = next((_word(given[name]) for name in NAME if name in given), "")[:200]
    if (warmth := _number(given.get("temperature"))) is not None:
        found.rest["temperature"] = min(2.0, max(0.0, warmth))
    if (top := _number(given.get("topP", given.get("top_p")))) is not None and 0 < top <= 1:
        found.rest["top_p"] = top
    longest = next((_number(given[name]) for name in TOKENS if name in given), None)
    if longest is not None and longest >= 1:
        found.rest["max_new_tokens"] = int(min(MOST_TOKENS, max(16, longest)))
    if isinstance(stop := given.get("stopSequence", given.get("stop")), str):
        found.rest["stop"] = tuple(part for part in stop.split(",") if part)[:4]
    read = {*ADDRESS, *NAME, *TOKENS, *SILENT, "temperature", "topP", "top_p", "stopSequence", "stop"}
    found.unused = {name: value for name, value in given.items() if name not in read}
    return found


def provider_of(kind: str) -> str:
    name = kind.split("_")[0].lower()
    for part in ("chat", "model", "component", "llm"):
        name = name.removeprefix(part).removesuffix(part)
    return name


def _address(provider: str, given: dict[str, Any]) -> str:
    said = next((given[name] for name in ADDRESS if isinstance(given.get(name), str)), "").strip()
    if provider == "ollama":
        said = (said or OLLAMA).rstrip("/")
        return (said if said.endswith("/v1") else f"{said}/v1")[:500]
    return (said.rstrip("/") or ADDRESSES.get(provider, ""))[:500]


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if abs(found) < 1e9 else None
