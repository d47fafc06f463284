"""Documents into passages. Runs in the model worker, which holds the embedder; any of it may be killed at any point.

A document goes through two stages, each under a lease of its own: it is read (``reading.py``), then split and embedded
(``embedding.py``). Its passages change in one transaction at the end (``switching.py``): until then searches find the
old ones.
"""
