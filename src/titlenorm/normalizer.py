"""The normalizer: the pipeline of clean, segment, parse, match and decide, built once and used for every title."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from titlenorm.answer import COLUMNS, Answer, to_result, to_row, why_not
from titlenorm.compose import compose
from titlenorm.draft import Draft
from titlenorm.language import guess_language
from titlenorm.levels import grade_of, level_of
from titlenorm.lexicon import Lexicon
from titlenorm.match import Matcher, Proposal
from titlenorm.match.decide import Decider
from titlenorm.match.exact import Exact
from titlenorm.match.spelling import Spelling
from titlenorm.match.tfidf import Tfidf, query
from titlenorm.options import Options
from titlenorm.result import Candidate, Level, Method, Result, Status
from titlenorm.segment import Clause, segment
from titlenorm.senses import UNKNOWN, Kind, Sense
from titlenorm.taxonomy import Taxonomy
from titlenorm.text import tokenize

__all__ = ["Normalizer", "normalize", "normalize_many", "shared"]


_Decision = tuple[list[Candidate], Status, str]
"""Ranked candidates, the status, and the reason."""


class Normalizer:
    """Maps raw titles to roles of a taxonomy.

    Args:
        taxonomy: roles and aliases; the bundled taxonomy when None.
        options: thresholds and switches.
        matchers: further matchers, asked after the tables and before TF-IDF for titles that the tables do not resolve.

    A normalizer is built once, is safe to share between threads, and can be pickled.

    >>> normalizer = Normalizer()
    >>> result = normalizer.normalize("VP, Engineering")
    >>> result.role.id, result.level.value
    ('engineering-manager', 'vp')
    """

    def __init__(self, taxonomy: Taxonomy | None = None, options: Options | None = None, matchers: Sequence[Matcher] = ()) -> None:
        with _collector_paused():
            self.taxonomy = taxonomy if taxonomy is not None else Taxonomy.bundled()
        self.options = options if options is not None else Options()
        self.matchers = tuple(matchers)
        with _collector_paused():
            self._lexicon = Lexicon(self.taxonomy)
        self._exact = Exact(self._lexicon)
        self._spelling = Spelling(self._lexicon)
        self._tfidf = Tfidf(self._lexicon)
        self._decider = Decider(self.options, self.taxonomy.roles)
        self._plain: dict[Sense, _Decision] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Normalizer, (self.taxonomy, self.options, self.matchers)

    def __deepcopy__(self, memo: object) -> Normalizer:
        return self  # nothing in it changes, and scikit-learn copies what its estimators are given

    def normalize(self, title: str | None, *, context: Mapping[str, str] | None = None) -> Result:
        """The role, level and score of a raw title; never raises for text.

        Args:
            title: a cell as it came; None counts as empty.
            context: further cells of the row, such as `{"department": "Data"}`; their words decide between the readings
                of an acronym and never override the words of the title.

        Returns:
            A `Result`; further titles of the cell are in `others`.
        """
        raw = "" if title is None else str(title)
        return to_result(raw, self._answers([raw], [context])[0], self.options.others)

    def normalize_many(self, titles: Iterable[str | None]) -> list[Result]:
        """The results for many titles, in order; each is what `normalize` gives for that title alone."""
        raws = ["" if title is None else str(title) for title in titles]
        distinct = list(dict.fromkeys(raws))
        results = {raw: to_result(raw, answers, self.options.others) for raw, answers in zip(distinct, self._answers(distinct), strict=True)}
        return [results[raw] for raw in raws]

    def normalize_columns(self, titles: Iterable[str | None], *, contexts: Sequence[Mapping[str, str] | None] | None = None) -> dict[str, list[Any]]:
        """The same answers as columns, without an object for each title: what files and frames use.

        Args:
            titles: raw titles.
            contexts: for each title the `context` that `normalize` takes, or None.

        Returns:
            A dict of the lists named in `COLUMNS`: strings or None; grade is int or None, score is float.

        >>> Normalizer().normalize_columns(["Sr. Accountant"])["role_id"]
        ['accountant']
        """
        raws = ["" if title is None else str(title) for title in titles]
        if contexts is not None:
            table = [to_row(answers) for answers in self._answers(raws, contexts)]
        else:
            distinct = list(dict.fromkeys(raws))
            rows = {raw: to_row(answers) for raw, answers in zip(distinct, self._answers(distinct), strict=True)}
            table = [rows[raw] for raw in raws]
        return {name: [row[index] for row in table] for index, name in enumerate(COLUMNS)}

    def candidates(self, title: str | None, limit: int = 10) -> list[Candidate]:
        """Roles ranked for a title, whatever its status.

        Args:
            title: a raw title.
            limit: how many at most, 1 or more.
        """
        return self.candidates_many([title], limit)[0]

    def candidates_many(self, titles: Iterable[str | None], limit: int = 10) -> list[list[Candidate]]:
        """`candidates` for many titles, in order."""
        raws = ["" if title is None else str(title) for title in titles]
        ranked = []
        for answers in self._answers(raws):
            best = list(answers[0].candidates) if answers else []
            if answers and len(best) < limit:
                more = self._decider.rank(self._tfidf.propose([answers[0].draft], limit)[0])
                best = [*best, *(c for c in more if all(c.role.id != b.role.id for b in best))]
            ranked.append(best[:limit])
        return ranked

    def _answers(self, raws: Sequence[str], contexts: Sequence[Mapping[str, str] | None] | None = None) -> list[list[Answer]]:
        """What was found for each cell: one answer per title in it."""
        cells: list[list[Answer] | list[tuple[Draft, list[Proposal]]]] = []
        open_drafts: list[tuple[Draft, list[Proposal]]] = []
        for index, raw in enumerate(raws):
            clauses = segment(tokenize(raw), self._lexicon.folding)
            if not any(word.tokens for clause in clauses for word in clause.words):
                cells.append([])
                continue
            drafts = compose(clauses, self._lexicon)
            if len(drafts) == 1 and (sense := self._exact.plain(drafts[0])) is not None:
                cells.append([self._answer(drafts[0], self._remembered(drafts[0], sense))])
                continue
            clues = self._clues(contexts[index]) if contexts and contexts[index] else ()
            cell = self._look_up(clauses, drafts, clues)
            cells.append(cell)
            open_drafts += [pair for pair in cell if not self._is_firm(pair[1])]
        self._ask_matchers(open_drafts)
        return [[item if isinstance(item, Answer) else self._answer(item[0], self._decide(*item)) for item in cell] for cell in cells]

    def _remembered(self, draft: Draft, sense: Sense) -> _Decision:
        """What was decided for a plain role, the first time that it was met."""
        decision = self._plain.get(sense)
        if decision is None:
            decision = self._plain[sense] = self._decide(draft, self._exact.propose([draft], self.options.candidates)[0])
        return decision

    def _clues(self, context: Mapping[str, str] | None) -> frozenset[str]:
        return frozenset(word for text in (context or {}).values() for word in self._lexicon.fold(str(text)))

    def _look_up(self, clauses: list[Clause], drafts: list[Draft], clues: Collection[str]) -> list[tuple[Draft, list[Proposal]]]:
        """Drafts of a cell and what the tables say of each, with unknown words repaired where that helps."""
        limit = self.options.candidates
        proposals = self._exact.propose(drafts, limit, clues)
        if self.options.spelling and _has_unknown(drafts):
            repaired, edits = self._spelling.clauses(clauses)
            if edits:
                better_drafts = compose(repaired, self._lexicon)
                better = self._exact.propose(better_drafts, limit, clues)
                if self._strength(better_drafts, better) > self._strength(drafts, proposals):
                    drafts = better_drafts
                    proposals = [[_repaired(p, edits) for p in some] for some in better]
        return list(zip(drafts, proposals, strict=True))

    def _strength(self, drafts: Sequence[Draft], proposals: Sequence[Sequence[Proposal]]) -> tuple[float, int]:
        best = max((self._decider.score(p.evidence) for some in proposals for p in some), default=0.0)
        levels = sum(bool(part.sense.level) for draft in drafts for part in draft.modifiers)
        return best, levels

    def _is_firm(self, proposals: Sequence[Proposal]) -> bool:
        for proposal in proposals:
            if "ambiguous" in proposal.evidence or self._decider.score(proposal.evidence) >= self.options.min_score:
                return True
        return False

    def _ask_matchers(self, pairs: list[tuple[Draft, list[Proposal]]]) -> None:
        """Further matchers and TF-IDF, for drafts that the tables leave open."""
        asked = [pair for pair in pairs if query(pair[0]) and not _is_unlisted(pair[0])]
        if not asked:
            return
        drafts = [draft for draft, _ in asked]
        matchers = [*self.matchers, *([self._tfidf] if self.options.tfidf else [])]
        for matcher in matchers:
            for (_, known), more in zip(asked, matcher.propose(drafts, self.options.candidates), strict=True):
                known += more

    def _decide(self, draft: Draft, proposals: Sequence[Proposal]) -> _Decision:
        candidates = self._decider.rank(proposals)[: self.options.candidates]
        status = self._decider.status(candidates, proposals)
        best = candidates[0].role.id if candidates else ""
        reason = next((proposal.reason for proposal in proposals if proposal.role_id == best and proposal.reason), "") or why_not(draft)
        if status is Status.UNRESOLVED:
            language = guess_language(draft.words(), self._lexicon.vocabulary, self._lexicon.foreign)
            reason = f"The title seems to be in {language}." if language else reason
        return candidates, status, reason

    def _answer(self, draft: Draft, decision: _Decision) -> Answer:
        candidates, status, reason = decision
        role = candidates[0].role if status is Status.RESOLVED else None
        level = level_of(draft, role)
        if status is Status.AMBIGUOUS and level is None and all(candidate.role.track == "executive" for candidate in candidates):
            level = Level.CXO  # whichever "CCO" it is
        if self.options.rollup and role is not None and role.broader is not None:
            wider = candidates[0]._replace(role=self.taxonomy.roles[role.broader])
            candidates = [wider, *(candidate for candidate in candidates[1:] if candidate.role != wider.role)]
            reason = f"{reason} {wider.role.name} is the wider role of {role.name}."
        return Answer(draft, candidates, status, reason, level, grade_of(draft))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No garbage collection meanwhile: the tables make some hundred thousand objects that all stay."""
    active = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if active:
            gc.enable()


def _has_unknown(drafts: Sequence[Draft]) -> bool:
    for draft in drafts:
        for parts in (draft.core, draft.context):
            for part in parts:
                if part.sense is UNKNOWN:
                    return True
    return False


def _repaired(proposal: Proposal, edits: int) -> Proposal:
    return proposal._replace(method=Method.SPELLING, evidence={**proposal.evidence, "edits": float(edits)}, reason="A word was misspelt. " + proposal.reason)


def _is_unlisted(draft: Draft) -> bool:
    person = draft.person()
    return person is not None and person.sense.kind is Kind.OCCUPATION


@cache
def shared() -> Normalizer:
    """The normalizer with the bundled taxonomy that everybody in a process shares; built when it is first asked for."""
    return Normalizer()


def normalize(title: str | None, *, context: Mapping[str, str] | None = None) -> Result:
    """The role, level and score of a raw title, with the bundled taxonomy; see `Normalizer.normalize`.

    >>> result = normalize("Sr. SWE II - Payments (Remote)")
    >>> result.role.id, result.level.value, result.grade
    ('software-engineer', 'senior', 2)
    """
    return shared().normalize(title, context=context)


def normalize_many(titles: Iterable[str | None]) -> list[Result]:
    """The results for many titles, in order, with the bundled taxonomy.

    >>> [result.role.id for result in normalize_many(["CEO", "Accountant"])]
    ['chief-executive-officer', 'accountant']
    """
    return shared().normalize_many(titles)
