"""What titlenorm answers: a `Result` for a title, with its role, level, modifiers, candidates and the way it was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from titlenorm.text import Token

__all__ = ["LEVEL_RANK", "VALUES", "Candidate", "Level", "Method", "Modifier", "Result", "Role", "Status", "Step", "Trace"]


class Level(StrEnum):
    """Seniority bands, lowest first; the level is never part of the role."""

    TRAINING = "training"
    ENTRY = "entry"
    MID = "mid"
    SENIOR = "senior"
    LEAD = "lead"
    STAFF = "staff"
    PRINCIPAL = "principal"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    DIRECTOR = "director"
    VP = "vp"
    CXO = "cxo"
    OWNER = "owner"

    __hash__ = str.__hash__  # of the text that it is: sooner than that of an enumeration


LEVEL_RANK: Mapping[str, int] = {level.value: rank for rank, level in enumerate(Level)}
"""Level value to its place on the ladder, 0 (training) to 12 (owner)."""


class Status(StrEnum):
    """What became of a title."""

    RESOLVED = "resolved"
    AMBIGUOUS = "ambiguous"
    UNRESOLVED = "unresolved"
    EMPTY = "empty"

    __hash__ = str.__hash__


class Method(StrEnum):
    """How a candidate was found, best first."""

    EXACT = "exact"
    ALIAS = "alias"
    SPELLING = "spelling"
    TFIDF = "tfidf"

    __hash__ = str.__hash__


class Role(NamedTuple):
    """A canonical role of a taxonomy.

    `track` is ic, management, executive or ownership; `broader` is the id of a wider role, or None; `codes` maps a
    scheme (soc2018, isco08, esco_label) to its code.
    """

    id: str
    name: str
    family: str = ""
    function: str = ""
    track: str = "ic"
    broader: str | None = None
    codes: Mapping[str, str] = {}
    definition: str = ""
    see_also: tuple[str, ...] = ()

    @property
    def level(self) -> Level | None:
        """The level that the role itself says, or None: an individual role has none.

        >>> Role("shift-supervisor", "Shift Supervisor", track="management").level
        <Level.SUPERVISOR: 'supervisor'>
        >>> Role("teacher", "Teacher").level is None
        True
        """
        return _level_of(self.name, self.track)


@cache
def _level_of(name: str, track: str) -> Level | None:
    last = name.rpartition(" ")[2].lower()
    if last in ("lead", "apprentice"):
        return Level.LEAD if last == "lead" else Level.TRAINING
    if track == "management":
        return _NAMED_LEVELS.get(last, Level.MANAGER)
    return _TRACK_LEVELS.get(track)


_NAMED_LEVELS = {"supervisor": Level.SUPERVISOR, "foreman": Level.SUPERVISOR, "director": Level.DIRECTOR}
_TRACK_LEVELS = {"executive": Level.CXO, "ownership": Level.OWNER}


class Modifier(NamedTuple):
    """A word or phrase that qualifies the role; `raw[start:end]` holds it, `tokens` are its words."""

    category: str
    value: str
    text: str
    start: int
    end: int
    tokens: tuple[Token, ...] = ()


class Candidate(NamedTuple):
    """A role proposed for a title: `score` is 0 to 1, `evidence` names the features behind it."""

    role: Role
    score: float
    method: Method
    evidence: Mapping[str, float] = {}


class Step(NamedTuple):
    """One step of the way: the words `raw[start:end]` were read as `value` and went to `place`.

    `place` is core, modifier, context or noise.
    """

    place: str
    value: str
    start: int
    end: int
    reason: str


VALUES: Mapping[str, str] = {member: member.value for kind in (Level, Status, Method) for member in kind}
"""Each level, status and method as plain text; the value of a member itself is found slowly."""


class Trace(NamedTuple):
    """Where the words of a title went, and why the answer is this one; each is what the attribute of `Result` with its name gives."""

    modifiers: tuple[Modifier, ...] = ()
    tokens: tuple[Token, ...] = ()
    core_tokens: tuple[Token, ...] = ()
    context: tuple[Token, ...] = ()
    noise: tuple[Token, ...] = ()
    steps: tuple[Step, ...] = ()
    reason: str = ""


_UNTOLD = Trace()


class Result:
    """The answer for one title.

    Args:
        trace: where the words went, or what tells it; it is asked when one of the attributes that it gives is first read.

    Attributes:
        raw: the cell as it came.
        role: the canonical role, or None when titlenorm abstains.
        level: the seniority band, or None when the title says none.
        grade: the number in a ladder ("II" is 2), or None.
        status: resolved, ambiguous, unresolved or empty.
        score: probability that the best candidate is right, 0 to 1.
        method: how the best candidate was found, or None without candidates.
        core: the folded words that were looked up.
        candidates: proposed roles, best first.
        others: further titles of the same cell, each a `Result`.
    """

    __slots__ = ("_trace", "candidates", "core", "grade", "level", "method", "others", "raw", "role", "score", "status")
    __hash__ = None  # type: ignore[assignment]

    def __init__(
        self, raw: str, role: Role | None = None, level: Level | None = None, grade: int | None = None, status: Status = Status.EMPTY, score: float = 0.0,
        method: Method | None = None, core: str = "", candidates: tuple[Candidate, ...] = (), others: tuple[Result, ...] = (),
        trace: Trace | Callable[[], Trace] = _UNTOLD,
    ) -> None:  # fmt: skip
        self.raw, self.role, self.level = raw, role, level
        self.grade, self.status, self.score = grade, status, score
        self.method, self.core, self.candidates = method, core, candidates
        self.others, self._trace = others, trace

    @property
    def trace(self) -> Trace:
        """Where the words of the title went, and why the answer is this one."""
        told = self._trace
        if not isinstance(told, Trace):
            told = self._trace = told()
        return told

    @property
    def modifiers(self) -> tuple[Modifier, ...]:
        """What was taken off, in the order of the text."""
        return self.trace.modifiers

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The words of the title, in the order of the text."""
        return self.trace.tokens

    @property
    def core_tokens(self) -> tuple[Token, ...]:
        """The words of the core."""
        return self.trace.core_tokens

    @property
    def context(self) -> tuple[Token, ...]:
        """The words that say where or for whom the work is done."""
        return self.trace.context

    @property
    def noise(self) -> tuple[Token, ...]:
        """The words that say nothing."""
        return self.trace.noise

    @property
    def steps(self) -> tuple[Step, ...]:
        """How each word was read; `explain` renders them."""
        return self.trace.steps

    @property
    def reason(self) -> str:
        """One sentence that says why this answer."""
        return self.trace.reason

    def __eq__(self, other: object) -> bool:
        return self._all() == other._all() if isinstance(other, Result) else NotImplemented

    def __reduce__(self) -> tuple[Any, ...]:
        return Result, self._all()

    def __repr__(self) -> str:
        shown = ("raw", "role", "level", "grade", "status", "score", "method", "core", "modifiers", "candidates", "others", "reason")
        return f"Result({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"

    def _all(self) -> tuple[Any, ...]:
        """What it is built of."""
        names = ("raw", "role", "level", "grade", "status", "score", "method", "core", "candidates", "others", "trace")
        return tuple([getattr(self, name) for name in names])

    def explain(self) -> str:
        """The way the answer was found, as text for a person: where each word went, and what speaks for the role.

        Each feature of the evidence stands with its value, its weight, what that adds, and what it means, as weights.csv has
        them. The sum gives a strength, which the reliability table turns into the score.

        >>> import titlenorm
        >>> print(titlenorm.normalize("Sr. Accountant").explain())
        'Sr. Accountant'
          modifier  'Sr.'        level: senior
          core      'Accountant' accountant
        resolved: Accountant (accountant), level senior, score >0.99, exact
        The words are the name of the role.
        evidence for accountant
          name  1.00 x  5.44 = +5.44  the whole core is the name of the role
          sum                  +5.44  strength 0.9957, score 0.9972
        """
        from titlenorm.explanation import explain

        return explain(self)

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain values, ready for JSON.

        >>> import titlenorm
        >>> titlenorm.normalize("Accountant II").to_dict()["grade"]
        2
        """
        return {
            "raw": self.raw,
            "role_id": self.role.id if self.role else None,
            "role": self.role.name if self.role else None,
            "codes": dict(self.role.codes) if self.role else {},
            "level": self.level.value if self.level else None,
            "grade": self.grade,
            "status": self.status.value,
            "score": self.score,
            "method": self.method.value if self.method else None,
            "core": self.core,
            "modifiers": [{"category": m.category, "value": m.value, "text": m.text, "start": m.start, "end": m.end} for m in self.modifiers],
            "candidates": [{"role_id": c.role.id, "score": c.score, "method": c.method.value, "evidence": dict(c.evidence)} for c in self.candidates],
            "others": [other.to_dict() for other in self.others],
            "reason": self.reason,
        }
