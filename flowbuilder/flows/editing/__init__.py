"""Several people in one draft: edits as small changes, numbered by the draft's revision, told to every open editor."""
