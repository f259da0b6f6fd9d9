"""Whether a corpus is whole (``doctor``), and whether an exported file can be made again (``reproduce``).

``doctor`` looks at everything and changes nothing; ``cures`` remake what follows from the captures, which are never
deleted. ``manifest`` gathers what an export was made of.
"""
