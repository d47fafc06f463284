"""A bot from a name and a description: what the description asks for is read, and a flow is drawn from it."""
