"""The normalizer: what users ask; it holds a taxonomy, options and the pipeline that reads titles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from titlenorm.answer import COLUMNS, Answer, to_result
from titlenorm.collector import collector_paused, settle
from titlenorm.match import Matcher
from titlenorm.match.reliability import Reliability
from titlenorm.options import Options
from titlenorm.pipeline import Pipeline
from titlenorm.result import Candidate, Result
from titlenorm.taxonomy import Taxonomy

if TYPE_CHECKING:
    from titlenorm.bridge import Tables
    from titlenorm.overlay import Overlay

__all__ = ["Normalizer", "keep_readings", "normalize", "normalize_many", "shared"]

_BLOCK = 100_000
_ROWS = 1_000
_MANY = 10_000  # results, from which on it takes the collector some time to find that none of them is in a ring


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
        self.options = options if options is not None else Options()
        self.matchers = tuple(matchers)
        with collector_paused():
            self.taxonomy = taxonomy if taxonomy is not None else Taxonomy.bundled()
            self.reliability = reliability if reliability is not None else Reliability.of(self.taxonomy.kind)
            self.pipeline = Pipeline(self.taxonomy, self.options, self.matchers, self.reliability, _lender)
            settle()

    def __reduce__(self) -> tuple[Any, ...]:
        return Normalizer, (self.taxonomy, self.options, self.matchers, self.reliability)

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
        return self._result(raw, self.pipeline.answers([raw], [context])[0], self.options.others)

    def normalize_many(self, titles: Iterable[str | None]) -> list[Result]:
        """The results for many titles, in order; each is what `normalize` gives for that title alone."""
        raws = ["" if title is None else str(title) for title in titles]
        distinct = list(dict.fromkeys(raws))
        results: list[Result] = []
        for part in _blocks(len(distinct)):
            with collector_paused():
                results += self.pipeline.each(distinct[part], self._result)
                if len(results) >= _MANY:
                    settle()
        found = dict(zip(distinct, results, strict=True))
        return [found[raw] for raw in raws]

    def _result(self, raw: str, answers: list[Answer], most_others: int) -> Result:
        return to_result(raw, answers, most_others, self.pipeline.reason)

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
        asked = list(dict.fromkeys(raws)) if contexts is None else raws
        columns: list[list[Any]] = [[] for _ in COLUMNS]
        for part in _blocks(len(asked)):
            with collector_paused():
                _add(columns, self.pipeline.rows(asked[part], contexts[part] if contexts else None))
        if len(asked) < len(raws):
            places = list(map({raw: place for place, raw in enumerate(asked)}.__getitem__, raws))
            columns = [list(map(column.__getitem__, places)) for column in columns]
        return dict(zip(COLUMNS, columns, strict=True))

    def candidates(self, title: str | None, limit: int = 10) -> list[Candidate]:
        """Roles ranked for a title, whatever its status.

        Args:
            title: a raw title.
            limit: how many at most, 1 or more.
        """
        return self.candidates_many([title], limit)[0]

    def candidates_many(self, titles: Iterable[str | None], limit: int = 10) -> list[list[Candidate]]:
        """`candidates` for many titles, in order."""
        return self.pipeline.candidates(["" if title is None else str(title) for title in titles], limit)

    @property
    def min_score(self) -> float:
        """The score, 0 to 1, from which on a title is resolved: that of the options, or the one that reaches their precision."""
        return self.pipeline.min_score

    def learn(self, titles: Iterable[str], role_ids: Iterable[str]) -> Normalizer:
        """A normalizer that has learnt from labelled titles; see `titlenorm.learn.learn` for how.

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
            overlay: what `titlenorm.learn.learn` or `Overlay.load` gives.
            calibrated: whether scores follow the reliability that was measured, where it was; else they stay raw.

        Raises:
            UnknownRoleError: the overlay names a role that the taxonomy does not have.
        """
        reliability = self.reliability.overlaid(overlay.bins) if calibrated else Reliability(())
        return Normalizer(overlay.on(self.taxonomy), self.options, self.matchers, reliability)


def _blocks(count: int) -> list[slice]:
    """Parts of many titles, one of which takes a second or two: so long the collector may rest."""
    return [slice(start, start + _BLOCK) for start in range(0, count, _BLOCK)]


def _add(columns: list[list[Any]], rows: list[tuple[Any, ...]]) -> None:
    """Add rows to columns, a few at a time, which stay in the cache of the processor."""
    for start in range(0, len(rows), _ROWS):
        for column, cells in zip(columns, zip(*rows[start : start + _ROWS], strict=True), strict=True):
            column += cells


@cache
def _lender() -> Tables:
    from titlenorm.bridge import Tables

    return Tables(Normalizer(options=Options(tfidf=False)).pipeline, Taxonomy.bundled())


def keep_readings(taxonomy: Taxonomy) -> None:
    """Add to a taxonomy what the bundled tables read in its names and aliases, before it is saved.

    It takes some seconds for ESCO or O*NET. Answers are the same with and without it; the first one that needs it comes sooner.

    Args:
        taxonomy: any but the bundled one, which reads itself.
    """
    if taxonomy.kind != "bundled":
        _lender().keep(taxonomy)


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
