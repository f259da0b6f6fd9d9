"""Bytes come in: imports and crawls entered in the store."""
