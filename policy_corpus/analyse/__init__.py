"""Coded records become knowledge: topics, profiles, clusters, comparison. Pure."""
