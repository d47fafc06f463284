"""Flows and workspaces of Flowise, Langflow and Dify, brought here: read, converted, reported. Nothing runs and nothing is contacted."""
