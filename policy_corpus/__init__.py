"""Rough Chinese education-policy pages into evidence: documents, coded measures, comparisons."""
