"""The protocol's content: prose, records and questions, in English and Chinese."""
