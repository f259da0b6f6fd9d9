"""Analyses of a built corpus: filters, sub-corpora, statistics, regions."""
