"""Flows as files: one JSON file each, in an order that stays the same, so that a folder of them can be kept in Git."""
