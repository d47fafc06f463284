"""Other programs are told how a run ended: signed calls, kept in the database until they arrive."""
