"""The pages of documents, passages, splitting, answers and the embedder, one subject a file; bases and search are in ``views.py``."""
