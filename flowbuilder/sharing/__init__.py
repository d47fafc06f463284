"""Single things, shared: a flow, a model or a knowledge base, with a person, a group or whoever has a link."""
