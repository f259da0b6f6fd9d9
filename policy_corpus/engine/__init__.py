"""The one place that knows how batches are run."""
