"""Answers: what was found for the drafts of a cell becomes a `Result` or a row of columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from titlenorm.draft import Draft, Part
from titlenorm.match.decide import Decision
from titlenorm.native import mypyc_attr
from titlenorm.result import LEVEL_RANK, Level, Modifier, Result, Role, Step
from titlenorm.senses import Kind
from titlenorm.text import Token
from titlenorm.tuples import make

__all__ = ["CODES", "COLUMNS", "Answer", "codes_of", "to_result", "to_row", "why_not"]

COLUMNS: Final = ("role_id", "role", "family", "function", "level", "grade", "status", "score", "method", "core", "modifiers", "other_role_ids")
"""The columns of a row, in order; the command line adds them to a file."""
CODES: Final = "codes"
"""The column after them, where it is asked for: the codes of the role."""

_TEXTS: Final = {level: level.value for level in Level}  # the value of a member is found slowly
_NO_NOUNS: Final = ("status", "employment")
_EMPTY_ROW: Final = (None, None, None, None, None, None, "empty", 0.0, None, "", "", "")


@mypyc_attr(acyclic=True)
class Answer:
    """What was found for one draft, before any object is built for the user."""

    __slots__ = ("decision", "draft", "grade", "level")

    def __init__(self, draft: Draft, decision: Decision, level: Level | None, grade: int | None) -> None:
        self.draft = draft
        self.decision = decision
        self.level = level
        self.grade = grade


def why_not(draft: Draft) -> str:
    """Why a draft has no role, as a sentence."""
    person = draft.person()
    if person is not None and person.sense.kind == Kind.OCCUPATION:
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


def to_row(raw: str, answers: list[Answer]) -> tuple[Any, ...]:
    """The cells of `COLUMNS` for a cell, without building a `Result` where there is one title."""
    if not answers:
        return _EMPTY_ROW
    if len(answers) > 1:
        return _row_of(to_result(raw, answers, lambda answer: answer.decision.reason))
    answer = answers[0]
    draft, level = answer.draft, answer.level
    core = _core(draft)
    parts = _modifier_parts(draft, core) if draft.modifiers or draft.tail_modifiers else ()
    modifiers = "; ".join([f"{part.sense.category}={part.sense.value}" for part in parts if any(word.tokens for word in part.words)])
    role_id, role, family, function, status, score, method = answer.decision.told()
    level_name = _TEXTS[level] if level is not None else None
    return role_id, role, family, function, level_name, answer.grade, status, score, method, _text(core), modifiers, ""


def _row_of(result: Result) -> tuple[Any, ...]:
    role, level, method = result.role, result.level, result.method
    modifiers = "; ".join(f"{modifier.category}={modifier.value}" for modifier in result.modifiers)
    others = "; ".join(other.role.id for other in result.others if other.role is not None)
    return (
        role.id if role else None, role.name if role else None, role.family if role else None, role.function if role else None,
        level.value if level else None, result.grade, result.status.value, result.score, method.value if method else None,
        result.core, modifiers, others,
    )  # fmt: skip


def to_result(raw: str, answers: list[Answer], reason: Callable[[Answer], str], most_others: int = 8) -> Result:
    """The `Result` of a cell: the first title with a role leads, further roles are its others; `reason` says why."""
    if not answers:
        return Result(raw, reason="There are no words in the cell.")
    if len(answers) == 1:
        return _build(raw, answers[0], reason)
    lead = next((i for i, answer in enumerate(answers) if answer.decision.role is not None), 0)
    results = [_build(raw, answer, reason, bare=index != lead and not answer.draft.core) for index, answer in enumerate(answers)]
    leader = results.pop(lead)
    for earlier in results[:lead]:
        _adopt_level(leader, earlier)
    seen = {leader.role.id} if leader.role else set()
    others: list[Result] = []
    for result in results:
        if result.role is None or result.role.id in seen or len(others) == most_others:
            _absorb(leader, result)
        else:
            seen.add(result.role.id)
            others.append(result)
    leader.others = tuple(others)
    return leader


def _build(raw: str, answer: Answer, reason: Callable[[Answer], str], bare: bool = False) -> Result:
    """The result of one title; a `bare` one has no core, since another title of the cell leads ("EVP & CFO")."""
    draft = answer.draft
    decision = answer.decision
    best = decision.candidates[0] if decision.candidates else None
    core = draft.core if bare else _core(draft)
    parts = _modifier_parts(draft, core)
    modifiers = []
    for part in parts:
        tokens = _tokens([part])
        if tokens:
            start, end = tokens[0].start, tokens[-1].end
            modifiers.append(make(Modifier, (part.sense.category, part.sense.value, raw[start:end], start, end, tokens)))
    core_tokens, context, noise = _tokens(core), _tokens(draft.context), _tokens(draft.noise)
    placed = [*core_tokens, *context, *noise]
    for modifier in modifiers:
        placed += modifier.tokens
    placed.sort()
    return Result(
        raw, decision.role, answer.level, answer.grade,
        decision.status, best.score if best else 0.0, best.method if best else None, _text(core), tuple(modifiers),
        tuple(decision.candidates), (), tuple(placed), core_tokens, context, noise, _steps(draft, core, parts), reason(answer),
    )  # fmt: skip


def _core(draft: Draft) -> list[Part]:
    """The core; when all was taken off, the highest management word or the last modifier stays, but no status ("Retired")."""
    if draft.core:
        return draft.core
    nouns = [part for part in draft.modifiers or draft.tail_modifiers if part.sense.category not in _NO_NOUNS]
    if not nouns:
        return []
    manages = draft.manages()
    return [manages if manages is not None else nouns[-1]]


def _text(core: list[Part]) -> str:
    return core[0].phrase if len(core) == 1 else " ".join([part.phrase for part in core])


def _modifier_parts(draft: Draft, core: list[Part]) -> list[Part]:
    """What was taken off, in the order of the text, without a modifier that stayed as the core."""
    parts = [*draft.modifiers, *draft.tail_modifiers]
    if core and not draft.core:
        parts = [part for part in parts if all(part is not other for other in core)]
    if len(parts) > 1:
        parts.sort(key=_start_of)
    return parts


def _start_of(part: Part) -> int:
    for word in part.words:
        if word.tokens:
            return word.tokens[0].start
    return 0


def _end_of(part: Part) -> int:
    for word in reversed(part.words):
        if word.tokens:
            return word.tokens[-1].end
    return 0


def _tokens(parts: Iterable[Part]) -> tuple[Token, ...]:
    return tuple([token.token() for part in parts for word in part.words for token in word.tokens])


def _steps(draft: Draft, core: list[Part], modifiers: list[Part]) -> tuple[Step, ...]:
    """How each run of words was read; core steps come in the order of the core."""
    placed = [("modifier", part, f"{part.sense.category}: {part.sense.value}") for part in modifiers]
    if draft.context:
        placed += [("context", part, part.sense.category.replace("unknown", "")) for part in sorted(draft.context, key=_start_of)]
    if draft.noise:
        placed += [("noise", part, part.sense.category) for part in sorted(draft.noise, key=_start_of)]
    placed += [("core", part, part.phrase) for part in core]
    steps = []
    for place, part, reason in placed:
        steps.append(make(Step, (place, part.phrase, _start_of(part), _end_of(part), reason)))
    return tuple(steps)


def _adopt_level(leader: Result, earlier: Result) -> None:
    """A bare level before the title that leads ("Director / Founder") counts when it is higher."""
    if earlier.role is None and earlier.level is not None and (leader.level is None or LEVEL_RANK[earlier.level.value] > LEVEL_RANK[leader.level.value]):
        leader.level = earlier.level


def _absorb(leader: Result, result: Result) -> None:
    """The words of a title without a role of its own become context of the title that leads."""
    leader.tokens = tuple(sorted((*leader.tokens, *result.tokens)))
    leader.context = tuple(sorted((*leader.context, *result.core_tokens, *result.context)))
    leader.noise = tuple(sorted((*leader.noise, *result.noise)))
    leader.modifiers = tuple(sorted((*leader.modifiers, *result.modifiers), key=lambda modifier: modifier.start))
    leader.steps = (*leader.steps, *(step._replace(place="context") if step.place == "core" else step for step in result.steps))
