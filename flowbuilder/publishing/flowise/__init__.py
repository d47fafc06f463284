"""What Flowise's two clients, `flowise-sdk` and `flowise-embed`, call: the paths and shapes of Flowise 3.1, below /api/v1/."""
