"""Decide: evidence becomes a score, score and margin become a status."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from titlenorm import tables
from titlenorm.errors import TableError
from titlenorm.levels import Ladder
from titlenorm.match.findings import Finding, Said
from titlenorm.match.matcher import Proposal
from titlenorm.match.reliability import Reliability
from titlenorm.native import mypyc_attr
from titlenorm.options import Options
from titlenorm.result import VALUES, Candidate, Method, Role, Status
from titlenorm.taxonomy import Taxonomy
from titlenorm.tuples import make

__all__ = ["Decider", "Decision"]

_RESOLVED: Final = Status.RESOLVED
_AMBIGUOUS: Final = Status.AMBIGUOUS
_UNRESOLVED: Final = Status.UNRESOLVED
_MEMORY: Final = 50_000
_ORDER: Final = {method: place for place, method in enumerate(Method)}
_BACKOFF_REASON: Final = "{names} are equally likely; {wider} is wider than each of them."
_ROLLUP_REASON: Final = "{reason} {wider} is the wider role of {name}."


@mypyc_attr(acyclic=True)
class Decision:
    """What was decided for a title: ranked candidates, the status, and the sentence that says why (empty when nothing says it).

    `role` is the role that it is resolved to, if it is. What rows tell of it is there as plain text as well.
    """

    __slots__ = (
        "_is_plain", "_ladder", "_ranked", "family", "function", "method_name", "reason", "role", "role_id", "role_name", "score", "status", "status_name",
    )  # fmt: skip

    def __init__(self, candidates: Iterable[Candidate], status: Status, reason: str) -> None:
        self._ranked = tuple(candidates)
        self._is_plain = False
        self.status = status
        self.reason = reason
        self.role: Role | None = self._ranked[0].role if status is _RESOLVED else None
        self._ladder: Ladder | None = None
        self.status_name = VALUES[status]
        best, role = self._ranked[0] if self._ranked else None, self.role
        self.score: float = best.score if best is not None else 0.0
        self.method_name: str | None = VALUES[best.method] if best is not None else None
        self.role_id: str | None = role.id if role is not None else None
        self.role_name: str | None = role.name if role is not None else None
        self.family: str | None = role.family if role is not None else None
        self.function: str | None = role.function if role is not None else None

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The ranked candidates; their evidence is read when they are first asked for."""
        if not self._is_plain:
            self._ranked, self._is_plain = _plain(self._ranked), True
        return self._ranked

    def ladder(self) -> Ladder | None:
        """What counts for levels of the role that it is resolved to."""
        if self._ladder is None and self.role is not None:
            self._ladder = Ladder(self.role)
        return self._ladder


_Entry = tuple[float, float, int, int]
"""What candidates are ordered by: score and strength, highest first, then method and place."""


class Decider:
    """Turns proposals into ranked candidates and a status.

    Attributes:
        weights: feature to weight, as in weights.csv.
        min_score: the score from which on a candidate is resolved.
    """

    def __init__(self, options: Options, taxonomy: Taxonomy, reliability: Reliability) -> None:
        self._taxonomy, self._reliability = taxonomy, reliability
        self._min_margin, self._backoff, self._rollup = options.min_margin, options.backoff, options.rollup
        self.min_score = options.min_score if options.precision is None else reliability.threshold(options.precision).score
        self.weights = _read_weights()
        self._memory: dict[tuple[tuple[str, float], ...], float] = {}
        self._limit = options.candidates
        self._decided: dict[Said, Decision] = {}

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

    def _strength_of(self, proposal: Proposal) -> float:
        return self.strength(proposal.evidence) if proposal.strength is None else proposal.strength

    def recall(self, finding: Finding, limit: int) -> Decision:
        """What is decided for a finding; for what the tables said before, the same."""
        if not finding.said or limit != self._limit:
            return self.decide(finding.proposals(limit), limit)
        known = self._decided.get(finding.said)
        if known is None:
            if len(self._decided) >= _MEMORY:
                self._decided.clear()
            known = self._decided[finding.said] = self.decide(finding.proposals(limit), limit)
        return known

    def decide(self, proposals: list[Proposal], limit: int) -> Decision:
        """Up to `limit` candidates, the status of the title, and the reason of the best candidate."""
        candidates = self._rank(proposals)[:limit]
        status = self._status(candidates)
        best = candidates[0].role.id if candidates else ""
        reason = next((proposal.reason for proposal in proposals if proposal.role_id == best and proposal.reason), "")
        decision = Decision(candidates, status, reason)
        if self._backoff and status is _AMBIGUOUS:
            decision = self._back_off(decision)
        return self._roll_up(decision) if self._rollup else decision

    def rank(self, proposals: list[Proposal]) -> list[Candidate]:
        """One candidate per role, best first; ties break by the strength of the evidence, then by method, then by the order of the proposals."""
        return list(_plain(self._rank(proposals)))

    def _rank(self, proposals: list[Proposal]) -> list[Candidate]:
        """The same, with evidence that may still be unread."""
        roles = self._taxonomy.roles
        entries: list[_Entry] = []
        for proposal in proposals:
            strength = self._strength_of(proposal)
            score = self._reliability.calibrate(proposal.method, strength)
            entries.append((-score, -strength, _ORDER[proposal.method], len(entries)))
        entries.sort()
        ranked: list[Candidate] = []
        seen: set[str] = set()
        for negative, _, _, place in entries:
            role_id = proposals[place].role_id
            if role_id not in seen:
                seen.add(role_id)
                ranked.append(make(Candidate, (roles[role_id], -negative, proposals[place].method, proposals[place].evidence)))
        return ranked

    def _status(self, candidates: list[Candidate]) -> Status:
        """Resolved, ambiguous or unresolved, by score and margin."""
        if not candidates:
            return _UNRESOLVED
        if "ambiguous" in candidates[0].evidence:
            return _AMBIGUOUS
        if candidates[0].score < self.min_score:
            return _UNRESOLVED
        return _AMBIGUOUS if len(candidates) > 1 and len(self._tied(candidates)) > 1 else _RESOLVED

    def _tied(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The candidates that are about as likely as the best: the readings of an ambiguous phrase, or those within the margin."""
        if "ambiguous" in candidates[0].evidence:
            return [candidate for candidate in candidates if "ambiguous" in candidate.evidence]
        near = [c for c in candidates[1:] if candidates[0].score - c.score < self._min_margin and "related" not in c.evidence]
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
        candidates = decision.candidates
        if decision.status is not Status.RESOLVED or candidates[0].role.broader is None:
            return decision
        wider = candidates[0]._replace(role=self._taxonomy.roles[candidates[0].role.broader])
        rest = [candidate for candidate in candidates[1:] if candidate.role != wider.role]
        return Decision(
            [wider, *rest], decision.status, _ROLLUP_REASON.format(reason=decision.reason, wider=wider.role.name, name=candidates[0].role.name).strip()
        )


def _plain(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Candidates whose evidence is a dict."""
    return tuple([one if isinstance(one.evidence, dict) else make(Candidate, (one.role, one.score, one.method, dict(one.evidence))) for one in candidates])


def _read_weights() -> dict[str, float]:
    weights = {}
    for row in tables.read("weights.csv"):
        try:
            weights[row.cells[0]] = float(row.cells[1])
        except ValueError:
            raise TableError(f"{row.file}:{row.line}: weight {row.cells[1]!r} is not a number") from None
    return weights
