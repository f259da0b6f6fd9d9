"""Regions: a gazetteer over time, names in a text, and the region a document is about."""

from policy_corpus.annotate.regions.document import RegionDecision, document_region
from policy_corpus.annotate.regions.gazetteer import Gazetteer, Region, region_prefix
from policy_corpus.annotate.regions.mentions import RegionMention, find_regions

__all__ = [
    "Gazetteer",
    "Region",
    "RegionDecision",
    "RegionMention",
    "document_region",
    "find_regions",
    "region_prefix",
]
