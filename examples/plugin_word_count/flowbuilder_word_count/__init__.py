"""Counts words: a plug-in for Flowbuilder."""
