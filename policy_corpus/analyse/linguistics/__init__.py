"""Corpus linguistics: counts of words and what they say, each formula with its source."""
