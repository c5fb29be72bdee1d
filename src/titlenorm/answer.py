"""Answers: what was found for the drafts of a cell becomes a `Result` or a row of columns."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from titlenorm.draft import Draft, Part
from titlenorm.levels import grade_of, level_of
from titlenorm.match.decide import Decision
from titlenorm.native import mypyc_attr
from titlenorm.result import LEVEL_RANK, VALUES, Level, Result, Role, Status, Trace
from titlenorm.trace import absorbing, core_of, has_words, start_of, taken_off, text_of, trace_of

__all__ = ["CODES", "COLUMNS", "Answer", "Plain", "answer_of", "codes_of", "to_result", "to_row", "why_not"]

COLUMNS: Final = ("role_id", "role", "family", "function", "level", "grade", "status", "score", "method", "core", "modifiers", "other_role_ids")
"""The columns of a row, in order; the command line adds them to a file."""
CODES: Final = "codes"
"""The column after them, where it is asked for: the codes of the role."""

_AMBIGUOUS: Final = Status.AMBIGUOUS  # members of an enumeration are found slowly
_EMPTY_ROW: Final = (None, None, None, None, None, None, "empty", 0.0, None, "", "", "")


@mypyc_attr(acyclic=True, free_list_len=1)
class Answer:
    """What was found for one draft, before any object is built for the user."""

    __slots__ = ("decision", "draft", "grade", "level")

    def __init__(self, draft: Draft, decision: Decision, level: Level | None, grade: int | None) -> None:
        self.draft = draft
        self.decision = decision
        self.level = level
        self.grade = grade


@mypyc_attr(acyclic=True)
class Plain:
    """What was decided for a role and nothing beside it, and the level that its phrase says."""

    __slots__ = ("decision", "own")

    def __init__(self, decision: Decision, own: Level | None) -> None:
        self.decision = decision
        self.own = own


def answer_of(draft: Draft, decision: Decision, own: Level | None) -> Answer:
    """The answer for a draft, with the level that the role or its phrase says where no word beside it says another."""
    level = own
    if draft.modifiers or draft.tail_modifiers or draft.lent_levels:
        level = level_of(draft, decision.ladder(), own)
    if level is None and decision.status is _AMBIGUOUS:
        shared = {candidate.role.level for candidate in decision.candidates}
        level = shared.pop() if len(shared) == 1 else None  # whichever "CCO" it is
    return Answer(draft, decision, level, grade_of(draft))


def why_not(draft: Draft) -> str:
    """Why a draft has no role, as a sentence."""
    if draft.is_unlisted():
        return "This is a known occupation, but the taxonomy has no role for it."
    if any(part.sense.level for part in draft.modifiers):
        return "A level without a role." if not draft.core else "A level is known, the field is not."
    if any(part.sense.category == "status" for part in draft.modifiers):
        return "An employment status without a role."
    return "No table knows these words well enough." if draft.core else "No word of the title names work."


def codes_of(role: Role) -> str:
    """The codes of a role as one cell.

    >>> codes_of(Role("baker", "Baker", codes={"soc2018": "51-3011", "isco08": "7512"}))
    'soc2018=51-3011; isco08=7512'
    """
    return "; ".join(f"{scheme}={code}" for scheme, code in role.codes.items())


def to_row(raw: str, answers: list[Answer], most_others: int) -> tuple[Any, ...]:
    """The cells of `COLUMNS` for a cell, without building a `Result`; of further titles up to `most_others` are named."""
    if not answers:
        return _EMPTY_ROW
    group = _grouped(answers, most_others) if len(answers) > 1 else None
    leader, level, others = answers[0], answers[0].level, ""
    if group is not None:
        leader, level = group.leader, group.level
        others = "; ".join([other.decision.role.id for other in group.others if other.decision.role is not None])
    core = core_of(leader.draft)
    parts = taken_off(leader.draft, core)
    if group is not None and group.absorbed:
        more = [part for other in group.absorbed for part in other.draft.modifiers + other.draft.tail_modifiers]
        parts = tuple(sorted([*parts, *more], key=start_of))
    modifiers = "; ".join([part.sense.told for part in parts if has_words(part)]) if parts else ""
    decision = leader.decision
    level_name = VALUES[level] if level is not None else None
    return (
        decision.role_id, decision.role_name, decision.family, decision.function, level_name, leader.grade, decision.status_name, decision.score,
        decision.method_name, text_of(core), modifiers, others,
    )  # fmt: skip


def to_result(raw: str, answers: list[Answer], most_others: int, reason: Callable[[Answer], str]) -> Result:
    """The `Result` of a cell: the first title with a role leads, further roles are its others; `reason` says why."""
    if not answers:
        return Result(raw, trace=Trace(reason="There are no words in the cell."))
    if len(answers) == 1:
        return _result(raw, answers, answers[0].level, (), core_of(answers[0].draft), reason)
    group = _grouped(answers, most_others)
    others = tuple([_result(raw, [other], other.level, (), other.draft.core, reason) for other in group.others])
    return _result(raw, [group.leader, *group.absorbed], group.level, others, core_of(group.leader.draft), reason)


def _result(
    raw: str, answers: list[Answer], level: Level | None, others: tuple[Result, ...], core: list[Part], reason: Callable[[Answer], str]
) -> Result:  # fmt: skip
    """The result of a title, the first of the answers; the words of the rest are its context. Where each word went is told when asked for."""
    leader = answers[0]
    decision = leader.decision
    candidates = decision.candidates
    best = candidates[0] if candidates else None
    score, method = (best.score, best.method) if best is not None else (0.0, None)
    trace = partial(_trace, raw, answers, core, reason)
    return Result(raw, decision.role, level, leader.grade, decision.status, score, method, text_of(core), candidates, others, trace)


def _trace(raw: str, answers: list[Answer], core: list[Part], reason: Callable[[Answer], str]) -> Trace:
    leader = answers[0]
    trace = trace_of(raw, leader.draft, core)._replace(reason=reason(leader))
    for answer in answers[1:]:
        trace = absorbing(trace, trace_of(raw, answer.draft, answer.draft.core))
    return trace


@mypyc_attr(acyclic=True, free_list_len=1)
class _Group:
    """The titles of a cell: the one that leads and its level, those whose words become its context, and those with a role of their own."""

    __slots__ = ("absorbed", "leader", "level", "others")

    def __init__(self, leader: Answer) -> None:
        self.leader = leader
        self.level = leader.level
        self.absorbed: list[Answer] = []
        self.others: list[Answer] = []


def _grouped(answers: list[Answer], most_others: int) -> _Group:
    """The first title with a role leads; a bare level before it ("Director / Founder") counts when it is higher."""
    lead = next((place for place, answer in enumerate(answers) if answer.decision.role is not None), 0)
    group = _Group(answers[lead])
    leading = group.leader.decision.role
    seen = {leading.id} if leading is not None else set()
    for place, answer in enumerate(answers):
        role, level = answer.decision.role, answer.level
        if place < lead and level is not None and (group.level is None or LEVEL_RANK[level] > LEVEL_RANK[group.level]):
            group.level = level
        if place == lead:
            continue
        if role is None or role.id in seen or len(group.others) == most_others:
            group.absorbed.append(answer)
        else:
            seen.add(role.id)
            group.others.append(answer)
    return group
