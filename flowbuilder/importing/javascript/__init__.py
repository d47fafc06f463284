"""Scripts of other builders, read as syntax and never run: as Python for a node 'Code', or as the request that they make."""
