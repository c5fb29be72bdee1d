"""The normalizer: the pipeline of clean, segment, parse, match and decide, built once and used for every title."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from titlenorm.answer import COLUMNS, Answer, to_result, to_row, why_not
from titlenorm.compose import compose
from titlenorm.draft import Draft
from titlenorm.language import guess_language
from titlenorm.levels import grade_of, level_of
from titlenorm.lexicon import Lexicon
from titlenorm.match import Matcher, Proposal
from titlenorm.match.decide import Decider, Decision
from titlenorm.match.exact import Exact
from titlenorm.match.query import has_content
from titlenorm.match.reliability import Reliability
from titlenorm.match.spelling import Spelling
from titlenorm.match.tfidf import Tfidf, merged
from titlenorm.options import Options
from titlenorm.result import Candidate, Level, Method, Result, Status
from titlenorm.segment import Clause, segment
from titlenorm.senses import UNKNOWN, Kind, Sense
from titlenorm.taxonomy import Taxonomy
from titlenorm.text import tokenize

if TYPE_CHECKING:
    from titlenorm.bridge import Tables
    from titlenorm.learn import Overlay

__all__ = ["Normalizer", "normalize", "normalize_many"]


class Normalizer:
    """Maps raw titles to roles of a taxonomy.

    Args:
        taxonomy: roles and aliases; the bundled taxonomy when None.
        options: thresholds and switches.
        matchers: further matchers, asked after the tables and before TF-IDF for titles that the tables do not resolve.
        reliability: how often answers of some strength are right; that of the kind of taxonomy when None.

    A normalizer is built once, is safe to share between threads, and can be pickled.

    >>> normalizer = Normalizer()
    >>> result = normalizer.normalize("VP, Engineering")
    >>> result.role.id, result.level.value
    ('engineering-manager', 'vp')
    """

    def __init__(
        self, taxonomy: Taxonomy | None = None, options: Options | None = None, matchers: Sequence[Matcher] = (), reliability: Reliability | None = None
    ) -> None:
        with _collector_paused():
            self.taxonomy = taxonomy if taxonomy is not None else Taxonomy.bundled()
        self.options = options if options is not None else Options()
        self.matchers = tuple(matchers)
        self.reliability = reliability if reliability is not None else Reliability.of(self.taxonomy.kind)
        with _collector_paused():
            self._lexicon = Lexicon(self.taxonomy)
        self._exact = Exact(self._lexicon)
        self._spelling = Spelling(self._lexicon)
        self._decider = Decider(self.options, self.taxonomy, self.reliability)
        self._tfidf = Tfidf(self._lexicon, self._tables, self._decider.weights)
        self._bundled = self.taxonomy.kind == "bundled"
        self._plain: dict[Sense, Decision] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Normalizer, (self.taxonomy, self.options, self.matchers, self.reliability)

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
        return to_result(raw, self.answers([raw], [context])[0], self.options.others)

    def normalize_many(self, titles: Iterable[str | None]) -> list[Result]:
        """The results for many titles, in order; each is what `normalize` gives for that title alone."""
        raws = ["" if title is None else str(title) for title in titles]
        distinct = list(dict.fromkeys(raws))
        results = {raw: to_result(raw, answers, self.options.others) for raw, answers in zip(distinct, self.answers(distinct), strict=True)}
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
            table = [to_row(answers) for answers in self.answers(raws, contexts)]
        else:
            distinct = list(dict.fromkeys(raws))
            rows = {raw: to_row(answers) for raw, answers in zip(distinct, self.answers(distinct), strict=True)}
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
        answers = self.answers(raws, limit=limit)
        ranked = [list(some[0].candidates) if some else [] for some in answers]
        short = [index for index, some in enumerate(answers) if some and len(ranked[index]) < limit]
        for index in short:
            answers[index][0].draft.raw = raws[index]
        proposals = self._tfidf.propose([answers[index][0].draft for index in short], limit)
        for index, more in zip(short, proposals, strict=True):
            known = {candidate.role.id for candidate in ranked[index]}
            ranked[index] += [candidate for candidate in self._decider.rank(more) if candidate.role.id not in known]
        return [some[:limit] for some in ranked]

    def learn(self, titles: Iterable[str], role_ids: Iterable[str]) -> Normalizer:
        """A normalizer that has learnt from labelled titles; see `titlenorm.learn` for how.

        Args:
            titles: raw titles.
            role_ids: the right role of each.

        Raises:
            UnknownRoleError: a role that the taxonomy does not have.

        >>> Normalizer().learn(["Growth Hacker"], ["founder"]).normalize("Senior Growth Hacker").role.id
        'founder'
        """
        from titlenorm.learn import learn

        return self.with_overlay(learn(self, titles, role_ids))

    def with_overlay(self, overlay: Overlay, *, calibrated: bool = True) -> Normalizer:
        """A normalizer with what was learnt from labelled titles added.

        Args:
            overlay: what `titlenorm.learn` or an overlay folder gives.
            calibrated: whether scores follow the reliability that was measured, if it was; else they stay raw.
        """
        reliability = Reliability(overlay.bins if calibrated else ()) if overlay.bins or not calibrated else self.reliability
        return Normalizer(self.taxonomy.merge(overlay.aliases), self.options, self.matchers, reliability)

    def aliases_by_phrase(self) -> dict[str, str]:
        """The folded phrases of the taxonomy that mean one role, and that role."""
        return {phrase: sense.role_id for phrase, sense in self._lexicon.phrases.items() if sense.role_id is not None}

    def answers(self, raws: Sequence[str], contexts: Sequence[Mapping[str, str] | None] | None = None, limit: int | None = None) -> list[list[Answer]]:
        """What was found for each cell: one answer per title in it, with up to `limit` candidates."""
        limit = self.options.candidates if limit is None else limit
        cells: list[list[Answer] | list[tuple[Draft, list[Proposal]]]] = []
        open_drafts: list[tuple[Draft, list[Proposal]]] = []
        for index, raw in enumerate(raws):
            clauses = segment(tokenize(raw), self._lexicon.folding)
            if not any(word.tokens for clause in clauses for word in clause.words):
                cells.append([])
                continue
            drafts = compose(clauses, self._lexicon)
            if len(drafts) == 1 and (sense := self._exact.plain(drafts[0])) is not None and (self._bundled or self._is_name(drafts[0], sense)):
                cells.append([self._answer(drafts[0], self._remembered(drafts[0], sense))])
                continue
            clues = self._clues(contexts[index]) if contexts and contexts[index] else ()
            cell = self._look_up(clauses, drafts, clues, limit)
            cells.append(cell)
            for draft, proposals in cell:
                if not (self._bundled and self._is_firm(proposals)):
                    draft.raw, draft.others = raw, [other for other, _ in cell if other is not draft]
                    open_drafts.append((draft, proposals))
        self._ask_matchers(open_drafts, limit)
        return [[item if isinstance(item, Answer) else self._answer(item[0], self._decide(*item, limit)) for item in cell] for cell in cells]

    def _tables(self) -> Tables | None:
        """What the bundled tables lend to a taxonomy that is another one."""
        return None if self._bundled else _lender()

    def _remembered(self, draft: Draft, sense: Sense) -> Decision:
        """What was decided for a plain role, the first time that it was met."""
        decision = self._plain.get(sense)
        if decision is None:
            decision = self._plain[sense] = self._decide(draft, self._exact.propose([draft], self.options.candidates)[0], self.options.candidates)
        return decision

    def _clues(self, context: Mapping[str, str] | None) -> frozenset[str]:
        return frozenset(word for text in (context or {}).values() for word in self._lexicon.fold(str(text)))

    def _look_up(self, clauses: list[Clause], drafts: list[Draft], clues: Collection[str], limit: int) -> list[tuple[Draft, list[Proposal]]]:
        """Drafts of a cell and what the tables say of each, with unknown words repaired where that helps."""
        proposals = self._exact.propose(drafts, limit, clues)
        if self.options.spelling and _has_unknown(drafts):
            strength = self._strength(drafts, proposals)
            for repaired, edits in self._spelling.variants(clauses):
                better_drafts = compose(repaired, self._lexicon)
                better = self._exact.propose(better_drafts, limit, clues)
                if (better_strength := self._strength(better_drafts, better)) > strength:
                    strength, drafts = better_strength, better_drafts
                    proposals = [[_repaired(p, edits) for p in some] for some in better]
        return list(zip(drafts, proposals, strict=True))

    def _strength(self, drafts: Sequence[Draft], proposals: Sequence[Sequence[Proposal]]) -> tuple[float, int, int]:
        """How much is known of a cell: the best evidence, words of level, and as few unknown words as can be."""
        best = max((self._decider.strength(p.evidence) for some in proposals for p in some), default=0.0)
        levels = sum(bool(part.sense.level) for draft in drafts for part in draft.modifiers)
        unknown = sum(part.sense is UNKNOWN for draft in drafts for part in (*draft.core, *draft.context))
        return best, levels, -unknown

    @staticmethod
    def _is_name(draft: Draft, sense: Sense) -> bool:
        """Whether a title is the name of one role and nothing else: of another taxonomy than the bundled one, only that is plain."""
        return sense.method is Method.EXACT and not sense.related and not (draft.modifiers or draft.tail_modifiers or draft.context)

    def _is_firm(self, proposals: Sequence[Proposal]) -> bool:
        """Whether the tables have said enough."""
        return any("ambiguous" in proposal.evidence or self._decider.score(proposal) >= self._decider.min_score for proposal in proposals)

    def _ask_matchers(self, pairs: list[tuple[Draft, list[Proposal]]], limit: int) -> None:
        """Further matchers and TF-IDF, for drafts that the tables leave open."""
        asked = [pair for pair in pairs if not self._bundled or (has_content(pair[0]) and not _is_unlisted(pair[0]))]
        if not asked:
            return
        drafts = [draft for draft, _ in asked]
        for matcher in self.matchers:
            for (_, known), more in zip(asked, matcher.propose(drafts, limit), strict=True):
                known += more
        if self.options.tfidf:
            for (_, known), more in zip(asked, self._tfidf.propose(drafts, limit), strict=True):
                known[:] = [*known, *more] if self._bundled else merged(known, more)

    def _decide(self, draft: Draft, proposals: Sequence[Proposal], limit: int) -> Decision:
        decision = self._decider.decide(proposals, limit)
        if decision.status is Status.UNRESOLVED:
            language = guess_language(draft.words(), self._lexicon.vocabulary, self._lexicon.foreign)
            if language:
                return decision._replace(reason=f"The title seems to be in {language}.")
        return decision if decision.reason else decision._replace(reason=why_not(draft))

    def _answer(self, draft: Draft, decision: Decision) -> Answer:
        candidates, status, reason = decision
        role = candidates[0].role if status is Status.RESOLVED else None
        level = level_of(draft, role)
        if status is Status.AMBIGUOUS and level is None and all(candidate.role.track == "executive" for candidate in candidates):
            level = Level.CXO  # whichever "CCO" it is
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
def _lender() -> Tables:
    from titlenorm.bridge import Tables

    return Tables(Normalizer(options=Options(tfidf=False)))


@cache
def _default() -> Normalizer:
    return Normalizer()


def normalize(title: str | None, *, context: Mapping[str, str] | None = None) -> Result:
    """The role, level and score of a raw title, with the bundled taxonomy; see `Normalizer.normalize`.

    >>> result = normalize("Sr. SWE II - Payments (Remote)")
    >>> result.role.id, result.level.value, result.grade
    ('software-engineer', 'senior', 2)
    """
    return _default().normalize(title, context=context)


def normalize_many(titles: Iterable[str | None]) -> list[Result]:
    """The results for many titles, in order, with the bundled taxonomy.

    >>> [result.role.id for result in normalize_many(["CEO", "Accountant"])]
    ['chief-executive-officer', 'accountant']
    """
    return _default().normalize_many(titles)
