"""What each node does, takes, gives and can be set to: read from its class, for the pages and for ``docs/nodes``."""
