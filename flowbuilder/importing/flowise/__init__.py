"""Flowise 1.x to 3.x: plain data in, a graph and a report out."""
