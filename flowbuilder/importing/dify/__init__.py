"""Dify: workflows and chats as its DSL writes them, in YAML."""
