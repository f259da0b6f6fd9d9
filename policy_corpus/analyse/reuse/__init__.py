"""Whose words are these: inherited from above, shared with others, repeated, or local."""
