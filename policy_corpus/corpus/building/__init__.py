"""Captures into documents and records, as workers run it and as the parent enters it."""
