"""Langflow: components that hand values to each other."""
