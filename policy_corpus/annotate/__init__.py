"""Documents become coded records: sentences, tokens, regions, quantities, measures, status. Pure."""
