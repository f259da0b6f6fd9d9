"""Search over the sentences of a corpus: by words, exactly, by codes and by meaning."""

from policy_corpus.publish.search.hits import Hit, Reason
from policy_corpus.publish.search.searcher import Condition, Searcher, SearchResult

__all__ = ["Condition", "Hit", "Reason", "SearchResult", "Searcher"]
