"""What a corpus is about: topics that stay the same when seeds, order and documents change."""
