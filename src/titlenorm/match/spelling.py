"""Spelling: words that no table knows are repaired against the vocabulary, within an edit budget by length."""

from __future__ import annotations

from itertools import islice, product
from typing import Final

from titlenorm.lexicon import Lexicon
from titlenorm.segment import Clause
from titlenorm.word import Word

__all__ = ["Spelling"]

_MEMORY: Final = 100_000
_FREQUENT: Final = 4  # a repair that is this many times rarer than the likeliest is no choice
_CHOICES: Final = 3
_VARIANTS: Final = 4


class Spelling:
    """Repairs unknown words; a known word, a short word or an acronym is never touched.

    The budget is no edit below five letters, one below nine, else two (a swap of neighbours is one edit).
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._folding = lexicon.folding
        self._phrases, self._protected = lexicon.phrases, lexicon.protected
        self._shelves: dict[tuple[str, int], list[str]] = {}
        self._reach: dict[tuple[str, int], list[str]] = {}
        self._memory: dict[str, tuple[str, ...]] = {}

    def repairs(self, word: str) -> tuple[str, ...]:
        """The vocabulary words that `word` may misspell, likeliest first; several only when they are about as close and as frequent.

        >>> from titlenorm.lexicon import Lexicon
        >>> from titlenorm.taxonomy import Taxonomy
        >>> spelling = Spelling(Lexicon(Taxonomy.bundled()))
        >>> spelling.repairs("enginer"), spelling.repairs("chief"), spelling.repairs("swe")
        (('engineer',), (), ())
        """
        if word not in self._memory:
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            self._memory[word] = self._search(word)
        return self._memory[word]

    def _search(self, word: str) -> tuple[str, ...]:
        size = len(word)
        if size < 5 or not word.isalpha() or self._knows(word) or size > 40:
            return ()
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        budget = 1 if size < 9 else 2
        found = process.extract(word, self._near(word[0], size, budget), scorer=OSA.distance, score_cutoff=budget, limit=5)
        ranked = sorted((distance, -self._phrases.vocabulary[known], known) for known, distance, _ in found)
        return tuple(known for distance, count, known in ranked if distance == ranked[0][0] and count * _FREQUENT <= ranked[0][1])[:_CHOICES]

    def _near(self, letter: str, size: int, budget: int) -> list[str]:
        """The known words that begin with a letter and are about as long."""
        if not self._shelves:
            for known in sorted(self._phrases.vocabulary):
                if len(known) >= 4 and known.isalpha():
                    self._shelves.setdefault((known[0], len(known)), []).append(known)
        near = self._reach.get((letter, size))
        if near is None:
            near = [known for length in range(size - budget, size + budget + 1) for known in self._shelves.get((letter, length), ())]
            self._reach[letter, size] = near
        return near

    def variants(self, clauses: list[Clause]) -> list[tuple[list[Clause], int]]:
        """`clauses` with unknown words repaired, once for each choice between equally likely repairs, and how many words that were."""
        places = [(c, w) for c, clause in enumerate(clauses) for w, word in enumerate(clause.words) if self._is_open(word, clause)]
        if not places:
            return []
        choices = [(place, found) for place in places if (found := self.repairs(clauses[place[0]].words[place[1]].standard))]
        variants = []
        for chosen in islice(product(*(found for _, found in choices)), _VARIANTS if choices else 0):
            repaired = [Clause(clause.sign, list(clause.words), clause.depth) for clause in clauses]
            for ((c, w), _), better in zip(choices, chosen, strict=True):
                repaired[c].words[w] = repaired[c].words[w].read_as(self._folding.form(better))
            variants.append((repaired, len(choices)))
        return variants

    def _knows(self, word: str) -> bool:
        return word in self._protected or word in self._phrases.vocabulary or word in self._phrases.foreign  # a French comptable is no constable

    def _is_open(self, word: Word, clause: Clause) -> bool:
        return not self._knows(word.standard) and bool(word.text) and not word.more and not self._is_acronym(word, clause)

    @staticmethod
    def _is_acronym(word: Word, clause: Clause) -> bool:
        """Upper case in a clause that is not upper case as a whole."""
        if not word.text.isupper():
            return False
        return any(token.text[1:].islower() for other in clause.words for token in other.tokens())
