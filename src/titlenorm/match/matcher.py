"""What every matcher is: it looks at a draft and proposes roles with evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from titlenorm.draft import Draft
from titlenorm.native import mypyc_attr
from titlenorm.result import Method

__all__ = ["Matcher", "Proposal"]


@mypyc_attr(acyclic=True)
class Proposal:
    """A role proposed for a draft; `evidence` maps features of weights.csv to their values.

    `strength` is what the evidence says for the role, 0 to 1, where the matcher knows it already.
    """

    __slots__ = ("evidence", "method", "reason", "role_id", "strength")

    def __init__(self, role_id: str, method: Method, evidence: Mapping[str, float], reason: str = "", strength: float | None = None) -> None:
        self.role_id = role_id
        self.method = method
        self.evidence = evidence
        self.reason = reason
        self.strength = strength


class Matcher(Protocol):
    """The protocol that all matchers share; a user can add one with `Normalizer(matchers=[...])`."""

    def propose(self, drafts: Sequence[Draft], limit: int) -> list[list[Proposal]]:
        """Up to `limit` roles for each draft, best first; an empty list where the matcher has nothing to say."""
        ...
