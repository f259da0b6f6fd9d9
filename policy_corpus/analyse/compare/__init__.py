"""Regions side by side: what they share, what sets each apart, their numbers, when, and the words that say so."""
