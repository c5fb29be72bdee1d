"""Judged rows: a label, what titlenorm replied, and whether that is right."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from titlenorm.evaluate.labels import Label
from titlenorm.result import Result
from titlenorm.taxonomy import Taxonomy

__all__ = ["ASPECTS", "Judged", "Reply", "judge"]

ASPECTS = ("role", "level", "grade", "others")
"""What of a reply is right or wrong."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What titlenorm answered to one title, as plain values.

    Attributes:
        status: resolved, ambiguous, unresolved or empty.
        role: the id of the role, or None.
        level, grade: or None.
        score: of the best candidate, 0 to 1.
        method: how the best candidate was found, or None without one.
        candidates: role id and score, best first.
        others: the roles of further titles in the cell.
    """

    status: str
    role: str | None = None
    level: str | None = None
    grade: int | None = None
    score: float = 0.0
    method: str | None = None
    candidates: tuple[tuple[str, float], ...] = ()
    others: tuple[str, ...] = ()

    @staticmethod
    def of(result: Result) -> Reply:
        """The reply that a result is.

        >>> from titlenorm import normalize
        >>> reply = Reply.of(normalize("Founder & CEO"))
        >>> reply.role, reply.level, reply.others
        ('founder', 'owner', ('chief-executive-officer',))
        """
        return Reply(
            result.status.value, result.role.id if result.role else None, result.level.value if result.level else None, result.grade,
            result.score, result.method.value if result.method else None,
            tuple((candidate.role.id, candidate.score) for candidate in result.candidates),
            tuple(other.role.id for other in result.others if other.role is not None),
        )  # fmt: skip

    @property
    def best(self) -> str | None:
        """The role, or when titlenorm abstains the first candidate; None without one."""
        return self.role or (self.candidates[0][0] if self.candidates else None)

    @property
    def answer(self) -> tuple[object, ...]:
        """What a user sees of it as an answer: two replies that differ in the score alone have the same one."""
        return self.status, self.role, self.level, self.grade, self.others


@dataclass(frozen=True, slots=True)
class Judged:
    """A label, the reply, and what is right about it.

    Attributes:
        counts: False where the labels cannot say whether the role is right; such a row has no part in the figures of roles.
        rank: place of the first acceptable role among the candidates, from 1; 0 when it is not among them or there is none.
        level, grade: whether it is acceptable; None when it is not labelled.
        hits, false, lost: further titles in the cell: with an acceptable role, found and not labelled, labelled and not found.
    """

    label: Label
    reply: Reply
    counts: bool = True
    rank: int = 0
    level: bool | None = None
    grade: bool | None = None
    hits: int = 0
    false: int = 0
    lost: int = 0

    @property
    def answered(self) -> bool:
        """Whether titlenorm gave a role."""
        return self.reply.role is not None

    @property
    def right(self) -> bool:
        """Whether the role is acceptable, or abstaining was right."""
        return self.rank == 1 and self.answered if self.label.roles else not self.answered

    @property
    def aspects(self) -> dict[str, bool]:
        """Whether each of `ASPECTS` that is labelled is right."""
        others = None if self.label.others is None else not self.false and not self.lost
        found = zip(ASPECTS, (self.right if self.counts else None, self.level, self.grade, others), strict=True)
        return {name: right for name, right in found if right is not None}


def judge(label: Label, reply: Reply, taxonomy: Taxonomy, known_roles: Collection[str] | None = None) -> Judged:
    """A reply judged by a label: a role that is narrower than an acceptable one is acceptable.

    Args:
        label: what is right.
        reply: what was answered, by this version or an earlier one.
        taxonomy: says which roles are narrower than others.
        known_roles: the roles that the labels know, when the taxonomy has got more since: an `off_list` title that got
            one of the newer ones cannot be judged. None: the labels know all roles.

    >>> label = Label("Backend Dev", ("software-engineer",))
    >>> judge(label, Reply("resolved", "backend-engineer", candidates=(("backend-engineer", 0.9),)), Taxonomy.bundled()).right
    True
    """
    ranked = dict.fromkeys(filter(None, (reply.role, *(role_id for role_id, _ in reply.candidates))))
    rank = next((place for place, role_id in enumerate(ranked, 1) if _is_acceptable(role_id, label.roles, taxonomy)), 0)
    return Judged(
        label, reply,
        counts=not (label.off_list and known_roles is not None and reply.role is not None and reply.role not in known_roles),
        rank=rank,
        level=None if label.levels is None else (reply.level or "") in label.levels,
        grade=None if label.grades is None else ("" if reply.grade is None else str(reply.grade)) in label.grades,
        **_judge_others(label, reply, taxonomy),
    )  # fmt: skip


def _judge_others(label: Label, reply: Reply, taxonomy: Taxonomy) -> dict[str, int]:
    if label.others is None:
        return {}
    left, hits = list(reply.others), 0
    for wanted in label.others:
        hit = next((role_id for role_id in left if _is_acceptable(role_id, wanted, taxonomy)), None)
        if hit is not None:
            left.remove(hit)
            hits += 1
    return {"hits": hits, "false": len(left), "lost": len(label.others) - hits}


def _is_acceptable(role_id: str, wanted: Collection[str], taxonomy: Taxonomy) -> bool:
    """Whether a role is wanted or narrower than one that is; a role of an earlier version may be unknown today."""
    return role_id in wanted or (role_id in taxonomy.roles and any(taxonomy.is_within(role_id, wider) for wider in wanted))
