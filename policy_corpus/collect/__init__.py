"""Bytes come in, untouched, with where and when: import and captures."""
