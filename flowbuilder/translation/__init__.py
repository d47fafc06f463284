"""The product in other languages: what is to be said, the catalogues that say it, and what the nodes are called.

``python -m flowbuilder.translation`` brings the catalogues up to date with the code.
"""
