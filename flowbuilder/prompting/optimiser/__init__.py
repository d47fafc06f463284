"""Searches for a better prompt: candidates from several operators, scored on cases, the budget spent by successive halving.

Knows no database and no model: it is given what scores a prompt and what may propose one.
"""
