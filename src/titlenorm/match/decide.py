"""Decide: evidence becomes a score, score and margin become a status."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from titlenorm import tables
from titlenorm.errors import TableError
from titlenorm.match.matcher import Proposal
from titlenorm.match.reliability import Reliability
from titlenorm.options import Options
from titlenorm.result import Candidate, Method, Status
from titlenorm.taxonomy import Taxonomy

__all__ = ["Decider", "Decision"]

_MEMORY = 10_000
_ORDER = {method: place for place, method in enumerate(Method)}
_BACKOFF_REASON = "{names} are equally likely; {wider} is wider than each of them."
_ROLLUP_REASON = "{reason} {wider} is the wider role of {name}."


class Decision(NamedTuple):
    """What was decided for a title: ranked candidates, the status, and the sentence that says why (empty when nothing says it)."""

    candidates: Sequence[Candidate]
    status: Status
    reason: str


class Decider:
    """Turns proposals into ranked candidates and a status.

    Attributes:
        weights: feature to weight, as in weights.csv.
        min_score: the score from which on a candidate is resolved.
    """

    def __init__(self, options: Options, taxonomy: Taxonomy, reliability: Reliability) -> None:
        self._options, self._taxonomy, self._reliability = options, taxonomy, reliability
        self.min_score = options.min_score if options.precision is None else reliability.threshold(options.precision).score
        self.weights = _read_weights()
        self._memory: dict[tuple[tuple[str, float], ...], float] = {}

    def strength(self, evidence: Mapping[str, float]) -> float:
        """How much evidence speaks for a role, 0 to 1: a logistic model over the named features, not calibrated yet."""
        key = tuple(evidence.items())
        known = self._memory.get(key)
        if known is None:
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            total = sum(self.weights[name] * value for name, value in key)
            known = self._memory[key] = round(1 / (1 + math.exp(-total)), 6)
        return known

    def score(self, proposal: Proposal) -> float:
        """The probability that a proposed role is right."""
        return self._reliability.calibrate(proposal.method, self._strength_of(proposal))

    def _strength_of(self, proposal: Proposal) -> float:
        return self.strength(proposal.evidence) if proposal.strength is None else proposal.strength

    def decide(self, proposals: Sequence[Proposal], limit: int) -> Decision:
        """Up to `limit` candidates, the status of the title, and the reason of the best candidate."""
        candidates = self.rank(proposals)[:limit]
        status = self._status(candidates)
        best = candidates[0].role.id if candidates else ""
        reason = next((proposal.reason for proposal in proposals if proposal.role_id == best and proposal.reason), "")
        decision = Decision(candidates, status, reason)
        if self._options.backoff and status is Status.AMBIGUOUS:
            decision = self._back_off(decision)
        return self._roll_up(decision) if self._options.rollup else decision

    def rank(self, proposals: Sequence[Proposal]) -> list[Candidate]:
        """One candidate per role, best first; ties break by the strength of the evidence, then by method, then by role id."""
        roles = self._taxonomy.roles
        if len(proposals) == 1:
            only = proposals[0]
            return [Candidate(roles[only.role_id], self.score(only), only.method, only.evidence)]
        best: dict[str, tuple[float, float, int, Proposal]] = {}
        for proposal in proposals:
            entry = (-self.score(proposal), -self._strength_of(proposal), _ORDER[proposal.method], proposal)
            known = best.get(proposal.role_id)
            if known is None or entry[:3] < known[:3]:
                best[proposal.role_id] = entry
        ranked = sorted(best.items(), key=lambda item: (*item[1][:3], item[0]))
        return [Candidate(roles[role_id], -score, proposal.method, proposal.evidence) for role_id, (score, _, _, proposal) in ranked]

    def _status(self, candidates: Sequence[Candidate]) -> Status:
        """Resolved, ambiguous or unresolved, by score and margin."""
        if not candidates:
            return Status.UNRESOLVED
        if "ambiguous" in candidates[0].evidence:
            return Status.AMBIGUOUS
        if candidates[0].score < self.min_score:
            return Status.UNRESOLVED
        return Status.AMBIGUOUS if len(self._tied(candidates)) > 1 else Status.RESOLVED

    def _tied(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The candidates that are about as likely as the best: the readings of an ambiguous phrase, or those within the margin."""
        if "ambiguous" in candidates[0].evidence:
            return [candidate for candidate in candidates if "ambiguous" in candidate.evidence]
        near = [c for c in candidates[1:] if candidates[0].score - c.score < self._options.min_margin and "related" not in c.evidence]
        return [candidates[0], *near]

    def _back_off(self, decision: Decision) -> Decision:
        """Resolve a tie to the role that is wider than all tied ones, if there is one."""
        tied = self._tied(decision.candidates)
        chains = [self._taxonomy.wider(candidate.role.id) for candidate in tied]
        shared = next((role_id for role_id in chains[0] if all(role_id in chain for chain in chains)), None)
        if shared is None:
            return decision
        wider = self._taxonomy.roles[shared]
        score = round(1 - math.prod((1 - candidate.score for candidate in tied), start=1.0), 4)
        best = tied[0]._replace(role=wider, score=score)
        rest = [candidate for candidate in decision.candidates if candidate.role != wider]
        reason = _BACKOFF_REASON.format(names=" and ".join(candidate.role.name for candidate in tied), wider=wider.name)
        return Decision([best, *rest], Status.RESOLVED if score >= self.min_score else Status.AMBIGUOUS, reason)

    def _roll_up(self, decision: Decision) -> Decision:
        """The wider role instead of the one that was found."""
        candidates, status, reason = decision
        if status is not Status.RESOLVED or candidates[0].role.broader is None:
            return decision
        wider = candidates[0]._replace(role=self._taxonomy.roles[candidates[0].role.broader])
        rest = [candidate for candidate in candidates[1:] if candidate.role != wider.role]
        return Decision([wider, *rest], status, _ROLLUP_REASON.format(reason=reason, wider=wider.role.name, name=candidates[0].role.name).strip())


def _read_weights() -> dict[str, float]:
    weights = {}
    for row in tables.read("weights.csv"):
        try:
            weights[row.cells[0]] = float(row.cells[1])
        except ValueError:
            raise TableError(f"{row.file}:{row.line}: weight {row.cells[1]!r} is not a number") from None
    return weights
