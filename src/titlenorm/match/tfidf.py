"""TF-IDF: candidates for what the tables miss, by words and character n-grams of all aliases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from titlenorm.draft import Draft
from titlenorm.lexicon import Lexicon
from titlenorm.match.matcher import Proposal
from titlenorm.result import Method
from titlenorm.senses import Kind

__all__ = ["Tfidf", "query"]

_GRAM = 3
_WORD_SIGN = "="  # before a whole word, so that it differs from a trigram
_COMMON = 0.01  # a trigram in more phrases than this share says little and costs much
_BATCH = 512
_SHORT = 3  # two or three letters are like too many words


def _features(phrase: str) -> list[str]:
    """Words and the character trigrams of each padded word."""
    words = phrase.split()
    grams = [padded[i : i + _GRAM] for word in words for padded in (f" {word} ",) for i in range(len(padded) - _GRAM + 1)]
    return [*(_WORD_SIGN + word for word in words), *grams]


def query(draft: Draft) -> str:
    """The words of a draft that TF-IDF looks for; empty when only a level or a general noun is left."""
    content = [part for part in draft.core if part.sense.kind is not Kind.AND]
    if not content or all(part.sense.kind is Kind.HEAD and part.sense.category != "unknown" for part in content):
        return ""
    words = [part.phrase for part in content]
    if len(words) == 1 and len(words[0]) <= _SHORT:
        return ""
    if draft.manages() is not None and draft.person() is None:
        words.append("manager")
    return " ".join(words)


class Tfidf:
    """Cosine similarity to every alias, best alias per role; the index is built when it is first needed."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._vectorizer: Any = None
        self._matrix: Any = None
        self._role_ids: list[str] = []

    def _build(self) -> None:
        import numpy
        from sklearn.feature_extraction.text import TfidfVectorizer

        senses = sorted((sense.phrase, sense.role_id) for sense in self._lexicon.phrases.values() if sense.role_id is not None)
        self._role_ids = [role_id for _, role_id in senses]
        phrases = [phrase for phrase, _ in senses]
        counts = Counter(feature for phrase in phrases for feature in set(_features(phrase)))
        kept = sorted(feature for feature, count in counts.items() if feature[0] == _WORD_SIGN or count <= len(phrases) * _COMMON)
        vectorizer = TfidfVectorizer(analyzer=_features, vocabulary=kept, sublinear_tf=True, dtype=numpy.float64)
        self._matrix = vectorizer.fit_transform(phrases).T.tocsr()
        self._vectorizer = vectorizer

    def propose(self, drafts: Sequence[Draft], limit: int) -> list[list[Proposal]]:
        """Up to `limit` roles for each draft, most similar first."""
        found: list[list[Proposal]] = [[] for _ in drafts]
        asked = [(i, text) for i, text in enumerate(map(query, drafts)) if text]
        if not asked:
            return found
        if self._vectorizer is None:
            self._build()
        for start in range(0, len(asked), _BATCH):
            part = asked[start : start + _BATCH]
            products = self._vectorizer.transform([text for _, text in part]) @ self._matrix
            for row, (index, _) in enumerate(part):
                begin, end = products.indptr[row], products.indptr[row + 1]
                found[index] = self._ranked(products.indices[begin:end], products.data[begin:end], limit)
        return found

    def _ranked(self, indices: Any, values: Any, limit: int) -> list[Proposal]:
        import numpy

        wide = limit * 20
        if len(values) > wide:
            kept = values >= numpy.partition(values, len(values) - wide)[len(values) - wide]
            indices, values = indices[kept], values[kept]
        best: dict[str, float] = {}
        for index, value in zip(indices.tolist(), values.tolist(), strict=True):
            role_id = self._role_ids[index]
            if value > best.get(role_id, 0.0):
                best[role_id] = value
        best = {role_id: round(value, 6) for role_id, value in best.items()}
        ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))[:limit]
        margin = ranked[0][1] - ranked[1][1] if len(ranked) > 1 else ranked[0][1] if ranked else 0.0
        return [
            Proposal(
                role_id, Method.TFIDF, {"tfidf": 1.0, "similarity": value, "margin": margin if not place else 0.0}, "The words are like those of known aliases."
            )
            for place, (role_id, value) in enumerate(ranked)
        ]
