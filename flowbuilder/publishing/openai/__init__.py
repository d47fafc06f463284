"""Published flows for programs that speak OpenAI's HTTP API."""
