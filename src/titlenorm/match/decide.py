"""Decide: evidence becomes a score, score and margin become a status."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from titlenorm import tables
from titlenorm.errors import TableError
from titlenorm.match.matcher import Proposal
from titlenorm.options import Options
from titlenorm.result import Candidate, Method, Role, Status

__all__ = ["Decider"]

_MEMORY = 10_000
_ORDER = {method: place for place, method in enumerate(Method)}


class Decider:
    """Turns proposals into ranked candidates and a status.

    Attributes:
        weights: feature to weight, as in weights.csv.
    """

    def __init__(self, options: Options, roles: Mapping[str, Role]) -> None:
        self._options = options
        self._roles = roles
        self.weights: dict[str, float] = {}
        self._memory: dict[tuple[tuple[str, float], ...], float] = {}
        for row in tables.read("weights.csv"):
            try:
                self.weights[row.cells[0]] = float(row.cells[1])
            except ValueError:
                raise TableError(f"{row.file}:{row.line}: weight {row.cells[1]!r} is not a number") from None

    def score(self, evidence: Mapping[str, float]) -> float:
        """The probability that a candidate with this evidence is right: a logistic model over the named features."""
        key = tuple(evidence.items())
        known = self._memory.get(key)
        if known is None:
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            total = sum(self.weights[name] * value for name, value in key)
            known = self._memory[key] = round(1 / (1 + math.exp(-total)), 4)
        return known

    def rank(self, proposals: Sequence[Proposal]) -> list[Candidate]:
        """One candidate per role, best first; ties break by method, then role id."""
        if len(proposals) == 1:
            role_id, method, evidence, _ = proposals[0]
            return [Candidate(self._roles[role_id], self.score(evidence), method, evidence)]
        best: dict[str, tuple[float, int, Proposal]] = {}
        for proposal in proposals:
            entry = (-self.score(proposal.evidence), _ORDER[proposal.method], proposal)
            known = best.get(proposal.role_id)
            if known is None or entry[:2] < known[:2]:
                best[proposal.role_id] = entry
        ranked = sorted(best.items(), key=lambda item: (*item[1][:2], item[0]))
        return [Candidate(self._roles[role_id], -score, proposal.method, proposal.evidence) for role_id, (score, _, proposal) in ranked]

    def status(self, candidates: Sequence[Candidate], proposals: Sequence[Proposal]) -> Status:
        """Resolved, ambiguous or unresolved, by score and margin."""
        if not candidates:
            return Status.UNRESOLVED
        if "ambiguous" in candidates[0].evidence:
            return Status.AMBIGUOUS
        if candidates[0].score < self._options.min_score:
            return Status.UNRESOLVED
        if len(candidates) > 1 and candidates[0].score - candidates[1].score < self._options.min_margin and "related" not in candidates[1].evidence:
            return Status.AMBIGUOUS
        return Status.RESOLVED
