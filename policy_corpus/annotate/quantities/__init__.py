"""Quantities: numbers that size a measure, with value, unit, bound, role and what they count."""

from policy_corpus.annotate.quantities.bind import Evidence, bind_quantities, sizing
from policy_corpus.annotate.quantities.find import find_quantities
from policy_corpus.annotate.quantities.units import Units, parse_units

__all__ = ["Evidence", "Units", "bind_quantities", "find_quantities", "parse_units", "sizing"]
