"""The command line: a thin skin over :class:`policy_corpus.corpus.Corpus`."""

from policy_corpus.cli.entry import app, main

__all__ = ["app", "main"]
