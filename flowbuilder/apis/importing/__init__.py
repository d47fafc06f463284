"""From a document that somebody sent to operations with schemas that stand for themselves."""
