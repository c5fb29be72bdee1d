"""Learn: labelled titles become an overlay of aliases, counts and reliability."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from titlenorm.errors import InputError
from titlenorm.match.query import phrase_of
from titlenorm.match.reliability import ANY, Bin
from titlenorm.overlay import Learned, Overlay, decided
from titlenorm.result import Method

if TYPE_CHECKING:
    from titlenorm.answer import Answer
    from titlenorm.normalizer import Normalizer

__all__ = ["FEWEST_FOR_RELIABILITY", "Overlay", "learn", "reliability_of"]

FEWEST_FOR_RELIABILITY = 200
"""Labelled titles below which how reliable the answers are cannot be told."""

_BIN_ROWS = 40


def learn(normalizer: Normalizer, titles: Iterable[str], role_ids: Iterable[str]) -> Overlay:
    """What labelled titles teach.

    The words of a title without level, employment and noise become an alias of the role that more than half of the titles
    with these words are labelled with. With 200 titles or more it is also measured how reliable the answers then are.
    Of a cell with several titles the label is that of the one that has this role already, or of the leading one.

    Args:
        normalizer: what reads the titles; its taxonomy has the roles.
        titles: raw titles.
        role_ids: the right role of each.

    Raises:
        UnknownRoleError: a role that the taxonomy does not have.
        InputError: not as many roles as titles.

    >>> from titlenorm import Normalizer
    >>> [row[:5] for row in learn(Normalizer(), ["Sr. Data Wrangler", "Data Wrangler"], ["data-engineer", "data-engineer"]).learned]
    [('data wrangler', 'data-engineer', 'synonym', 2, 2)]
    """
    raws, labels = list(titles), list(role_ids)
    if len(raws) != len(labels):
        raise InputError(f"{len(raws)} titles and {len(labels)} role ids: give one role id for each title.")
    for number, role_id in enumerate(labels, 1):
        if role_id not in normalizer.taxonomy.roles:
            raise normalizer.taxonomy.unknown(role_id, f"label {number} ({raws[number - 1]!r})")
    overlay = _learn(normalizer, raws, labels)
    overlay = overlay._replace(learned=_with_rows(overlay.learned, normalizer))
    if len(raws) < FEWEST_FOR_RELIABILITY:
        return overlay
    return overlay._replace(bins=tuple(_left_out(normalizer, raws, labels)))


def _learn(normalizer: Normalizer, raws: Sequence[str], labels: Sequence[str]) -> Overlay:
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    before: dict[str, tuple[str, str]] = {}
    for answers, role_id in zip(normalizer.pipeline.answers(raws), labels, strict=True):
        answer = _meant(answers, role_id)
        phrase = phrase_of(answer.draft) if answer is not None else ""
        if answer is None or not phrase:
            continue
        votes[phrase][role_id] += 1
        decision = answer.decision
        if decision.role is not None and decision.candidates[0].method is not Method.TFIDF:
            before.setdefault(phrase, (decision.role.id, ""))
    return Overlay(decided(votes, before))


def _meant(answers: list[Answer], role_id: str) -> Answer | None:
    """The title of a cell that a label is about: the one that is answered so already, or the leading one."""
    same = (answer for answer in answers if answer.decision.role is not None and answer.decision.role.id == role_id)
    return next(same, answers[0] if answers else None)


def _with_rows(learned: Sequence[Learned], normalizer: Normalizer) -> tuple[Learned, ...]:
    """What was learnt, with the rows of the tables that it overrules; a role that was composed from parts has no row."""
    wanted = {row.alias for row in learned if row.overrules}
    rows = _rows_of(wanted, normalizer) if wanted else {}
    return tuple(row._replace(row=rows.get((row.alias, row.overrules), "")) for row in learned)


def _rows_of(wanted: set[str], normalizer: Normalizer) -> Mapping[tuple[str, str], str]:
    """For phrases and roles the row of the tables that gives the phrase that role: its file and line, and what it says."""
    fold, taxonomy = normalizer.pipeline.lexicon.fold, normalizer.taxonomy
    found: dict[tuple[str, str], str] = {}
    for role in taxonomy.roles.values():
        if (phrase := " ".join(fold(role.name))) in wanted:
            found[phrase, role.id] = _row(taxonomy.origin.lines.get(role.id, ""), "name", role.name)
    for alias in taxonomy.aliases:
        if alias.role_id and alias.kind != "related" and (phrase := " ".join(fold(alias.alias))) in wanted:
            found.setdefault((phrase, alias.role_id), _row(alias.where, alias.kind, alias.alias))
    return found


def _row(where: str, kind: str, text: str) -> str:
    """A row in a few words: its file and line, where they are known, and what it says."""
    return f"{where}: {kind} {text!r}" if where else f"{kind} {text!r}"


def _left_out(normalizer: Normalizer, raws: Sequence[str], labels: Sequence[str]) -> list[Bin]:
    """How reliable answers are: each half of the titles is answered by what the other half teaches."""
    measured: list[tuple[str, float, bool]] = []
    bundled = normalizer.taxonomy.kind == "bundled"
    for half in (0, 1):
        taught = normalizer.with_overlay(_learn(normalizer, raws[half::2], labels[half::2]), calibrated=False)
        for candidates, role_id in zip(taught.candidates_many(raws[1 - half :: 2], limit=1), labels[1 - half :: 2], strict=True):
            if candidates:
                method = Method.TFIDF.value if bundled and candidates[0].method is Method.TFIDF else ANY
                measured.append((method, candidates[0].score, candidates[0].role.id == role_id))
    return reliability_of(measured)


def reliability_of(measured: Iterable[tuple[str, float, bool]]) -> list[Bin]:
    """Bins of a `Reliability` from answers that were checked.

    Args:
        measured: for each answer its method, its strength (0 to 1) and whether it was right.

    Returns:
        Bins of at least 40 answers each where there are that many; per method the score never falls.

    >>> reliability_of([("alias", 0.9, True)] * 98 + [("alias", 0.9, False)] * 2)
    [Bin(method='alias', strength=0.9, score=0.9706, rows=100)]
    """
    by_method: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for method, strength, right in measured:
        by_method[method].append((strength, right))
    return [entry for method in sorted(by_method) for entry in _bins(method, sorted(by_method[method]))]


def _bins(method: str, answers: Sequence[tuple[float, bool]]) -> list[Bin]:
    """Neighbours pooled until there are enough of them and their share never falls; one right and one wrong answer are added to each."""
    pools: list[list[tuple[float, bool]]] = []
    start = 0
    while start < len(answers):
        end = min(start + _BIN_ROWS, len(answers))
        while end < len(answers) and answers[end][0] == answers[end - 1][0]:
            end += 1
        pools.append(list(answers[start:end]))
        start = end
        while len(pools) > 1 and (_share(pools[-2]) >= _share(pools[-1]) or len(pools[-1]) < _BIN_ROWS):
            last = pools.pop()
            pools[-1] += last
    return [Bin(method, round(sum(strength for strength, _ in pool) / len(pool), 4), round(_share(pool), 4), len(pool)) for pool in pools]


def _share(pool: Sequence[tuple[float, bool]]) -> float:
    return (sum(right for _, right in pool) + 1) / (len(pool) + 2)
