"""Matchers propose roles for a draft; `decide` turns their evidence into a score and a status."""

from titlenorm.match.matcher import Matcher, Proposal

__all__ = ["Matcher", "Proposal"]
