"""Spelling: words that no table knows are repaired against the vocabulary, within an edit budget by length."""

from __future__ import annotations

from rapidfuzz import process
from rapidfuzz.distance import OSA

from titlenorm.folding import Word
from titlenorm.lexicon import Lexicon
from titlenorm.segment import Clause

__all__ = ["Spelling"]

_MEMORY = 100_000


class Spelling:
    """Repairs unknown words; a known word, a short word or an acronym is never touched.

    The budget is no edit below five letters, one below nine, else two (a swap of neighbours is one edit).
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._known = lexicon.vocabulary.keys() | lexicon.protected
        self._count = lexicon.vocabulary
        self._shelves: dict[tuple[str, int], list[str]] = {}
        for word in sorted(lexicon.vocabulary):
            if len(word) >= 4 and word.isalpha():
                self._shelves.setdefault((word[0], len(word)), []).append(word)
        self._memory: dict[str, str | None] = {}

    def repair(self, word: str) -> str | None:
        """The vocabulary word that `word` misspells, or None.

        >>> from titlenorm.lexicon import Lexicon
        >>> from titlenorm.taxonomy import Taxonomy
        >>> spelling = Spelling(Lexicon(Taxonomy.bundled()))
        >>> spelling.repair("enginer"), spelling.repair("chief"), spelling.repair("swe")
        ('engineer', None, None)
        """
        if word not in self._memory:
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            self._memory[word] = self._search(word)
        return self._memory[word]

    def _search(self, word: str) -> str | None:
        size = len(word)
        if size < 5 or not word.isalpha() or word in self._known or size > 40:
            return None
        budget = 1 if size < 9 else 2
        shelf = [known for length in range(size - budget, size + budget + 1) for known in self._shelves.get((word[0], length), ())]
        found = process.extract(word, shelf, scorer=OSA.distance, score_cutoff=budget, limit=5)
        if not found:
            return None
        ranked = sorted((distance, -self._count[known], known) for known, distance, _ in found)
        if len(ranked) > 1 and ranked[0][0] == ranked[1][0] and ranked[0][1] > 4 * ranked[1][1]:
            return None  # two words are equally close and equally frequent: no way to tell
        return ranked[0][2]

    def clauses(self, clauses: list[Clause]) -> tuple[list[Clause], int]:
        """`clauses` with unknown words repaired, and how many words that were."""
        count = 0
        repaired = []
        for clause in clauses:
            words = []
            for word in clause.words:
                better = None
                if word.standard not in self._known and len(word.tokens) == 1 and not self._is_acronym(word, clause):
                    better = self.repair(word.standard)
                if better is not None:
                    count += 1
                    word = Word(better, word.tokens)
                words.append(word)
            repaired.append(Clause(clause.sign, words, clause.depth))
        return repaired, count

    @staticmethod
    def _is_acronym(word: Word, clause: Clause) -> bool:
        """Upper case in a clause that is not upper case as a whole."""
        if not word.tokens[0].text.isupper():
            return False
        return any(token.text[1:].islower() for other in clause.words for token in other.tokens)
