"""Bytes become documents: decoding, main text, script, split, metadata, duplicates. Pure."""
