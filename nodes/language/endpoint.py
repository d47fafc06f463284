"""Settings of a node that asks a model at an OpenAI-compatible address."""

from pydantic import BaseModel, ConfigDict, Field

from nodes.services.remote_models import Endpoint
from nodes.types import SecretRef


class Remote(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)

    base_url: str = Field("", max_length=500)
    """Where the server answers: http://gpu-box:8000/v1 for vLLM, http://localhost:11434/v1 for Ollama,
    https://api.openai.com/v1. An administrator allows its host in FLOWBUILDER_OUTBOUND_HOSTS."""
    model_name: str = Field("", max_length=200)
    """What the server calls the model."""
    api_key: SecretRef = ""
    """The secret that the server is shown; empty shows none, as most servers of one's own want it."""
    seconds: float = Field(120, ge=1, le=600)
    """How long each step of an answer may keep waiting."""
    tries: int = Field(3, ge=1, le=6)
    """How often a server that is busy or broken is asked, waiting as long as it says."""

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(
            base_url=self.base_url.strip().rstrip("/"),
            model=self.model_name.strip(),
            api_key=self.api_key,
            tries=self.tries,
            seconds=self.seconds,
        )
