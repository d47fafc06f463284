"""The chapters with records, one a file."""
