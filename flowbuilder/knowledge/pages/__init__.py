"""The pages of documents, passages, splitting and answers, one subject a file; bases and search are in ``views.py``."""
