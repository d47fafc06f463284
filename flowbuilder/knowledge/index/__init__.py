"""What finds passages: by meaning and by words, of one knowledge base each.

The rows of ``Passage`` are the truth. An index is made from them and can always be made again; it takes in what
``IndexChange`` says has changed. ``index_of`` is the one way to one.
"""

from flowbuilder.knowledge.index.choice import drop_index, index_of
from flowbuilder.knowledge.index.interface import Index, Match

__all__ = ["Index", "Match", "drop_index", "index_of"]
