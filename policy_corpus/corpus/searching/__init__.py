"""The search index of a corpus: kept up to date, asked, with vectors computed once."""
