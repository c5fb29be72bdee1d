"""Bridge: what the bundled tables know, lent to another taxonomy: how its roles and a title's words are read as bundled roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from titlenorm import tables
from titlenorm.answer import Answer
from titlenorm.choice import names_role
from titlenorm.collector import collector_paused
from titlenorm.draft import Draft
from titlenorm.match.decide import Decision
from titlenorm.match.index import Bridge
from titlenorm.taxonomy import Alias, Taxonomy
from titlenorm.taxonomy.readings import MEMBER, Reading, Readings, from_member, to_member

__all__ = ["Tables"]

_NAME_COUNTS = 3.0  # the name of a role says as much as three aliases
_OTHER_TITLE = 0.5
_TITLES = 3
_DOUBT = 2.0  # how many readings the share of a role is held back by
_JOINING_CODES = ("esco_label", "soc2018")


class Reader(Protocol):
    """What reads titles by the bundled tables: a pipeline over them."""

    def answers(self, raws: Sequence[str]) -> list[list[Answer]]:
        """What was found for each title of each cell."""
        ...


class Tables:
    """The bundled tables as other taxonomies use them.

    Args:
        pipeline: reads by the bundled taxonomy, without TF-IDF.
        bundled: that taxonomy.
    """

    def __init__(self, pipeline: Reader, bundled: Taxonomy) -> None:
        self._pipeline, self._bundled = pipeline, bundled
        self._memory: dict[str, Reading] = {}
        self._numbers = {role_id: number for number, role_id in enumerate(bundled.roles)}

    def hints(self, drafts: Sequence[Draft]) -> list[dict[int, float]]:
        """The bundled roles that the titles of some drafts are read as: their numbers and scores.

        The title of the cell that shares words with the draft counts in full, the others of the cell by half.
        """
        found = []
        raws = list(dict.fromkeys(draft.raw for draft in drafts))  # titles of one cell follow each other
        cells = dict(zip(raws, self._pipeline.answers(raws), strict=True))
        for draft in drafts:
            cell = cells[draft.raw]
            mine = _places_of(draft) if len(cell) > 1 else set()
            hint: dict[int, float] = {}
            for answer in cell[:_TITLES]:
                self._add(hint, answer.decision, _OTHER_TITLE if len(cell) > 1 and mine.isdisjoint(_places_of(answer.draft)) else 1.0)
            found.append(hint)
        return found

    def _add(self, hint: dict[int, float], decision: Decision, weight: float) -> None:
        for candidate in decision.candidates:
            number = self._numbers[candidate.role.id]
            hint[number] = max(hint.get(number, 0.0), candidate.score * weight)

    def bridge(self, taxonomy: Taxonomy) -> Bridge:
        """How the bundled roles meet the roles of a taxonomy, by reading every name and alias and by shared codes."""
        import numpy
        from scipy import sparse

        places = {role_id: place for place, role_id in enumerate(taxonomy.roles)}
        texts = [(role.name, place, _NAME_COUNTS, 0) for place, role in enumerate(taxonomy.roles.values())]
        texts += [(alias.alias, places[alias.role_id], 1.0, alias.labelled) for alias in _counting(taxonomy)]
        total = numpy.zeros(len(places))
        met: dict[tuple[int, int], float] = {}
        taught: dict[tuple[int, int], float] = {}
        for (_, place, weight, labelled), hint in zip(texts, self._readings([text for text, *_ in texts], self._kept(taxonomy)), strict=True):
            total[place] += weight
            for number, score in hint.items():
                met[number, place] = met.get((number, place), 0.0) + weight * score
                if labelled:
                    taught[number, place] = taught.get((number, place), 0.0) + labelled * score
        shape = (len(self._numbers), len(places))
        sums = _matrix(met, shape)
        parts = (sums @ sparse.diags(1 / numpy.maximum(total, 1.0)), _shared_out(sums), _shared_out(_matrix(taught, shape)), self._codes(taxonomy, shape))
        return Bridge(*(part.astype(numpy.float32).tocsr() for part in parts))

    def keep(self, taxonomy: Taxonomy) -> None:
        """Add to a taxonomy what its texts are read as, so that a file of it need not be read text by text again."""
        texts = [*(role.name for role in taxonomy.roles.values()), *(alias.alias for alias in _counting(taxonomy))]
        found = dict(zip(texts, self._readings(texts, {}), strict=True))
        taxonomy.members[MEMBER] = to_member(Readings(tables.stamp(), found))

    def _kept(self, taxonomy: Taxonomy) -> Mapping[str, Reading]:
        """What `keep` added, unless other tables read it."""
        data = taxonomy.members.get(MEMBER)
        if data is None:
            return {}
        kept = from_member(data, len(self._numbers), taxonomy.name)
        return kept.texts if kept.stamp == tables.stamp() else {}

    def _readings(self, texts: Sequence[str], kept: Mapping[str, Reading]) -> list[Reading]:
        """The bundled roles that names and aliases are read as; remembered, since overlays are read over and over.

        What a file says is never remembered: another taxonomy with the same texts must not depend on it.
        """
        new = list(dict.fromkeys(text for text in texts if text not in kept and text not in self._memory))
        with collector_paused():
            for text, cell in zip(new, self._pipeline.answers(new), strict=True):
                hint: Reading = {}
                for place, answer in enumerate(cell[:_TITLES]):
                    self._add(hint, answer.decision, _OTHER_TITLE if place else 1.0)
                self._memory[text] = {number: round(score, 4) for number, score in hint.items()}
        return [kept[text] if text in kept else self._memory[text] for text in texts]

    def _codes(self, taxonomy: Taxonomy, shape: tuple[int, int]) -> Any:
        """Bundled roles by roles of the taxonomy that carry one code, shared out where several do."""
        carriers: dict[tuple[str, str], list[int]] = {}
        for place, role in enumerate(taxonomy.roles.values()):
            for key in _codes_of(role.codes):
                carriers.setdefault(key, []).append(place)
        cells: dict[tuple[int, int], float] = {}
        for role_id, number in self._numbers.items():
            for key in _codes_of(self._bundled.roles[role_id].codes):
                for place in carriers.get(key, ()):
                    cells[number, place] = max(cells.get((number, place), 0.0), 1 / len(carriers[key]))
        return _matrix(cells, shape)


def _counting(taxonomy: Taxonomy) -> list[Alias]:
    """The aliases that say what a role is."""
    return [alias for alias in taxonomy.aliases if names_role(alias.role_id, alias.kind)]


def _places_of(draft: Draft) -> set[int]:
    """Where the words of a title stand in its cell."""
    return {token.start for word in draft.words() for token in word.tokens()}


def _matrix(cells: Mapping[tuple[int, int], float], shape: tuple[int, int]) -> Any:
    from scipy import sparse

    rows, columns = zip(*cells, strict=True) if cells else ((), ())
    return sparse.csr_matrix((list(cells.values()), (rows, columns)), shape=shape)


def _shared_out(sums: Any) -> Any:
    """Each row as shares of its sum, held back where the sum is small."""
    import numpy
    from scipy import sparse

    return sparse.diags(1 / (numpy.asarray(sums.sum(axis=1)).ravel() + _DOUBT)) @ sums


def _codes_of(codes: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(scheme, codes[scheme].strip().casefold()) for scheme in _JOINING_CODES if codes.get(scheme)]
