"""What codes measures: gold, training, evaluation, codebook review, weights on disk."""
