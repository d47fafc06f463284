"""What stands at a model's port ``prompt``, as the messages that it is asked."""

from nodes.types import Messages


def asked(prompt: str | Messages, system: str = "") -> list[dict[str, str]]:
    """A text is one user message. There is one system message at most, the node's own words first: many models know no second."""
    messages = [{"role": "user", "content": prompt}] if isinstance(prompt, str) else prompt.asked
    told = [message["content"] for message in messages if message["role"] == "system"]
    rest = [message for message in messages if message["role"] != "system"]
    instructions = "\n\n".join(text for text in (system, *told) if text)
    return [{"role": "system", "content": instructions}, *rest] if instructions else rest
