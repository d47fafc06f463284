"""A graph drafted from words: by a model of the workspace, or by rules and the gallery where every model is too small."""
