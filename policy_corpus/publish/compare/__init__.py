"""Comparisons of regions as reports: on a terminal, as Markdown, HTML, Word and Excel."""
