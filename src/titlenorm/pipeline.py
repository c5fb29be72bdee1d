"""The pipeline: clean, segment, parse, match and decide, one way through for every title."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final, TypeVar, cast

from titlenorm.answer import Answer, Plain, answer_of, to_row, why_not
from titlenorm.compose import compose
from titlenorm.draft import Draft
from titlenorm.language import guess_language
from titlenorm.levels import own_level
from titlenorm.lexicon import Lexicon
from titlenorm.match import Matcher, Proposal
from titlenorm.match.decide import Decider
from titlenorm.match.exact import Exact
from titlenorm.match.findings import Finding
from titlenorm.match.query import has_content
from titlenorm.match.reliability import Reliability
from titlenorm.match.spelling import Spelling
from titlenorm.match.taught import Taught
from titlenorm.match.tfidf import Lender, Tfidf, merged, named
from titlenorm.options import Options
from titlenorm.result import Candidate, Method, Status
from titlenorm.segment import Clause, segment
from titlenorm.senses import UNKNOWN, Sense
from titlenorm.taxonomy import Taxonomy

__all__ = ["Pipeline"]

T = TypeVar("T")
Render = Callable[[str, list[Answer], int], T]
"""What makes something of a cell, its answers, and how many further titles count."""
Contexts = Sequence[Mapping[str, str] | None] | None

_CHUNK: Final = 8_000
_UNRESOLVED: Final = Status.UNRESOLVED  # members of an enumeration are found slowly
_EXACT: Final = Method.EXACT


class Pipeline:
    """Reads cells and answers for each title in them; built once, then shared.

    Args:
        taxonomy: roles and aliases.
        options: thresholds and switches.
        matchers: further matchers, asked after the tables and before TF-IDF.
        reliability: how often answers of some strength are right.
        lender: makes what lends the knowledge of the bundled tables to another taxonomy.

    Attributes:
        lexicon: the tables, folded and indexed.
    """

    def __init__(self, taxonomy: Taxonomy, options: Options, matchers: Sequence[Matcher], reliability: Reliability, lender: Callable[[], Lender]) -> None:
        self._options, self._matchers = options, matchers
        self._bundled = taxonomy.kind == "bundled"
        self._repairs = options.spelling
        self.lexicon = Lexicon(taxonomy)
        self._exact = Exact(self.lexicon)
        self._spelling = Spelling(self.lexicon)
        self._taught = Taught(self.lexicon)
        self._decider = Decider(options, taxonomy, reliability)
        self._tfidf = Tfidf(self.lexicon, (lambda: None) if self._bundled else lender, self._decider.weights)
        self._likeliest = reliability.highest(Method.TFIDF)
        self._never_resolves = self._bundled and not matchers and self._likeliest < self.min_score
        """Whether what is found by likeness alone is never sure enough."""

    @property
    def min_score(self) -> float:
        """The score, 0 to 1, from which on a title is resolved."""
        return self._decider.min_score

    def answers(self, raws: Sequence[str], contexts: Contexts = None, limit: int | None = None) -> list[list[Answer]]:
        """What was found for each cell: one answer per title in it, with up to `limit` candidates."""
        found: list[Any] = [None] * len(raws)
        self._put(found, raws, list(range(len(raws))), contexts, limit, lambda _, answers, __: answers)
        return found

    def each(self, raws: Sequence[str], render: Render[T]) -> list[T]:
        """What `render` makes of each cell; it is called for one cell after the other."""
        return self._sorted(raws, None, render)

    def rows(self, raws: Sequence[str], contexts: Contexts = None) -> list[tuple[Any, ...]]:
        """The cells of `COLUMNS` for each cell."""
        return self._sorted(raws, contexts, None)

    def _sorted(self, raws: Sequence[str], contexts: Contexts, render: Render[Any] | None) -> list[Any]:
        """What is made of each cell, as `_put` does it, a few thousand at a time.

        Cells are read in the order of the alphabet: neighbours share words, and what the tables say of these is still in the processor's cache.
        """
        found: list[Any] = [None] * len(raws)
        order = sorted(range(len(raws)), key=raws.__getitem__)
        for start in range(0, len(raws), _CHUNK):
            self._put(found, raws, order[start : start + _CHUNK], contexts, None, render)
        return found

    def _put(
        self, found: list[Any], raws: Sequence[str], places: list[int], contexts: Contexts, limit: int | None, render: Render[Any] | None
    ) -> None:  # fmt: skip
        """Put into `found` what `render` makes of the cells at some places, or their rows.

        That is done at once where the tables settle it, else when all others were asked together.
        """
        limit = self._options.candidates if limit is None else limit
        others = self._options.others
        briefly = render is None and self._never_resolves  # rows tell of the best candidate only
        waiting: list[tuple[int, list[Draft], list[Finding]]] = []
        asked: list[tuple[Draft, list[Proposal]]] = []
        folding = self.lexicon.folding
        for index in places:
            raw = raws[index]
            clauses = segment(folding.read(raw), folding)
            if not self._bundled:
                clauses = self._whole(clauses)
            drafts = compose(clauses, self.lexicon) if _has_word(clauses) else []
            sense = self._exact.plain(drafts[0]) if len(drafts) == 1 and not self._taught.knows(drafts[0]) else None
            if sense is not None and (self._bundled or self._is_name(drafts[0], sense)):
                answers = [self._plain(drafts[0], sense)]
            elif drafts:
                drafts, findings = self._look_up(clauses, drafts, self._clues(contexts[index]) if contexts else (), limit)
                answers = self._answered(drafts, findings, limit) if self._bundled else []
                unsettled = [place for place in range(len(drafts)) if not answers or self._is_open(answers[place], briefly)]
                if unsettled:
                    for place in unsettled:
                        draft = drafts[place]
                        draft.raw, draft.others = raw, tuple([other for other in drafts if other is not draft])
                        asked.append((draft, findings[place].opened(limit)))
                    waiting.append((index, drafts, findings))
                    continue
            else:
                answers = []
            found[index] = to_row(raw, answers, others) if render is None else render(raw, answers, others)
        try:
            self._ask_matchers(asked, 1 if briefly else limit)
        finally:
            for draft, _ in asked:
                draft.others = ()  # the collector does not look for rings of drafts
        for index, drafts, findings in waiting:
            answers = self._answered(drafts, findings, limit)
            found[index] = to_row(raws[index], answers, others) if render is None else render(raws[index], answers, others)

    def _answered(self, drafts: list[Draft], findings: list[Finding], limit: int) -> list[Answer]:
        answers = []
        for place in range(len(drafts)):
            decision = self._decider.recall(findings[place], limit)
            answers.append(answer_of(drafts[place], decision, own_level(drafts[place], decision.ladder())))
        return answers

    def _is_open(self, answer: Answer, briefly: bool) -> bool:
        """Whether the tables have not said enough of a title that says something.

        They have where they gave a role, several for one phrase, or one that is likelier than any by likeness where only the best counts.
        """
        decision = answer.decision
        if decision.status is not _UNRESOLVED or (briefly and decision.score > self._likeliest):
            return False
        if not has_content(answer.draft) or answer.draft.is_unlisted():
            return False
        return not any("ambiguous" in candidate.evidence for candidate in decision.candidates)

    def reason(self, answer: Answer) -> str:
        """One sentence that says why this answer."""
        if answer.decision.status is _UNRESOLVED:
            language = guess_language(answer.draft.words(), self.lexicon.phrases.vocabulary, self.lexicon.phrases.foreign)
            if language:
                return f"The title seems to be in {language}."
        return answer.decision.reason or why_not(answer.draft)

    def candidates(self, raws: Sequence[str], limit: int) -> list[list[Candidate]]:
        """Roles ranked for the leading title of each cell, whatever its status."""
        answers = self.answers(raws, limit=limit)
        ranked = [list(some[0].decision.candidates) if some else [] for some in answers]
        short = [index for index, some in enumerate(answers) if some and len(ranked[index]) < limit]
        for index in short:
            first, *others = [answer.draft for answer in answers[index]]
            first.raw, first.others = raws[index], tuple(others)
        proposals = self._tfidf.propose([answers[index][0].draft for index in short], limit)
        for index, more in zip(short, proposals, strict=True):
            known = {candidate.role.id for candidate in ranked[index]}
            ranked[index] += [candidate for candidate in self._decider.rank(more) if candidate.role.id not in known]
        return [some[:limit] for some in ranked]

    def _whole(self, clauses: list[Clause]) -> list[Clause]:
        """The clauses of a cell, or one clause when the cell is the name of a role that has signs: "Teachers, All Other"."""
        if len(clauses) < 2:
            return clauses
        words = [word for clause in clauses for word in clause.words]
        sense = self.lexicon.phrases.get(" ".join(word.standard for word in words))
        return [Clause("", words, 0)] if sense is not None and sense.method is _EXACT else clauses

    def _plain(self, draft: Draft, sense: Sense) -> Answer:
        """The answer for a plain role, which is decided the first time that it is met."""
        known = cast("Plain | None", sense.decided)
        if known is None:
            finding, limit = self._exact.plainly(sense, draft), self._options.candidates
            if self._bundled:
                decision = self._decider.recall(finding, limit)
            else:
                decision = self._decider.decide([named(proposal) for proposal in finding.proposals(limit)], limit)
            known = sense.decided = Plain(decision, own_level(draft, decision.ladder()))
        return answer_of(draft, known.decision, known.own)

    def _clues(self, context: Mapping[str, str] | None) -> Collection[str]:
        return frozenset([word for text in context.values() for word in self.lexicon.fold(str(text))]) if context else ()

    def _look_up(self, clauses: list[Clause], drafts: list[Draft], clues: Collection[str], limit: int) -> tuple[list[Draft], list[Finding]]:
        """Drafts of a cell and what the tables say of each, with unknown words repaired where that helps."""
        findings = self._listed(drafts, limit, clues)
        if self._repairs and _has_unknown(drafts):
            variants = self._spelling.variants(clauses)
            strength = self._strength(drafts, findings, limit) if variants else (0.0, 0, 0)
            for repaired, edits in variants:
                better_drafts = compose(repaired, self.lexicon)
                better = self._listed(better_drafts, limit, clues)
                if (better_strength := self._strength(better_drafts, better, limit)) > strength:
                    strength, drafts = better_strength, better_drafts
                    findings = [Finding((), [_repaired(proposal, edits) for proposal in one.proposals(limit)]) for one in better]
        return drafts, findings

    def _listed(self, drafts: list[Draft], limit: int, clues: Collection[str]) -> list[Finding]:
        """What labels and tables say of the titles of a cell."""
        findings = self._exact.read(drafts, clues)
        if self._bundled and self._taught.has_labels:
            for place, draft in enumerate(drafts):
                if self._taught.knows(draft):
                    findings[place] = Finding((), self._taught.over_tables(draft, findings[place].proposals(limit)))
        return findings

    def _strength(self, drafts: list[Draft], findings: list[Finding], limit: int) -> tuple[float, int, int]:
        """How much is known of a cell: the best evidence, words of level, and as few unknown words as can be."""
        best = max((self._decider.strength(p.evidence) for finding in findings for p in finding.proposals(limit)), default=0.0)
        levels = sum(bool(part.sense.level) for draft in drafts for part in draft.modifiers)
        unknown = sum(part.sense is UNKNOWN for draft in drafts for part in (*draft.core, *draft.context))
        return best, levels, -unknown

    @staticmethod
    def _is_name(draft: Draft, sense: Sense) -> bool:
        """Whether a title is the name of one role and nothing else: of another taxonomy than the bundled one, only that is plain."""
        return sense.method is _EXACT and not sense.related and not (draft.modifiers or draft.tail_modifiers or draft.context)

    def _ask_matchers(self, asked: list[tuple[Draft, list[Proposal]]], limit: int) -> None:
        """Further matchers and TF-IDF, for drafts that the tables leave open."""
        if not asked:
            return
        drafts = [draft for draft, _ in asked]
        for matcher in self._matchers:
            for (_, known), more in zip(asked, matcher.propose(drafts, limit), strict=True):
                known += more
        if self._options.tfidf:
            for (_, known), more in zip(asked, self._tfidf.propose(drafts, limit), strict=True):
                known[:] = [*known, *more] if self._bundled else merged(known, more)
        for draft, known in asked:
            if not self._bundled and self._taught.knows(draft):
                known[:] = self._taught.over_likeness(draft, known)


def _has_word(clauses: list[Clause]) -> bool:
    for clause in clauses:
        for word in clause.words:
            if word.text:
                return True
    return False


def _has_unknown(drafts: list[Draft]) -> bool:
    for draft in drafts:
        if any(part.sense is UNKNOWN for part in draft.core) or any(part.sense is UNKNOWN for part in draft.context):
            return True
    return False


def _repaired(proposal: Proposal, edits: int) -> Proposal:
    return Proposal(proposal.role_id, Method.SPELLING, {**proposal.evidence, "edits": float(edits)}, "A word was misspelt. " + proposal.reason)
