"""Nodes for tests: gates that a test opens, failures that it counts."""
