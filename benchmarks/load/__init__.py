"""The same calls to an installation of ours and to a Flowise server: calls a second, latency, processor and memory."""
