"""Owns the audit of a plan: how many placements, and of what value, no rules at all could reach.

Advisory: it judges no plan and decides nothing. Needs scipy, which the engine itself never does.
"""

from geo.matching_audit.bounds import Audit, Bound, audit

__all__ = ["Audit", "Bound", "audit"]
