"""One reader per format, each from bytes or text to :class:`~policy_corpus.clean.blocks.Page`."""
