"""The protocol as files: one module a format."""
