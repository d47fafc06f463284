"""A flow moves to another workspace, with what it owns; what it only points at stays."""
