"""Inspection: what is wrong with a taxonomy of a user's own, found by reading every name and alias as a title."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from titlenorm.lexicon import Lexicon
from titlenorm.normalizer import Normalizer, normalize
from titlenorm.options import Options
from titlenorm.result import Modifier, Result, Status
from titlenorm.taxonomy import Taxonomy
from titlenorm.taxonomy.claims import contradictions

__all__ = ["inspect"]

_SHARING_KINDS = ("onet", "esco")
"""Sources in which one title of several occupations is usual and no mistake."""


def inspect(taxonomy: Taxonomy) -> list[str]:
    """All that is doubtful in a taxonomy, a sentence each; empty when every title of it is reached.

    >>> from titlenorm.result import Role
    >>> from titlenorm.taxonomy import Alias
    >>> inspect(Taxonomy([Role("b", "Baker"), Role("c", "Cook", broader="c")], [Alias("###", "b", where="a.csv:7")]))
    ["'c' is wider than itself. Correct its broader.", "a.csv:7: '###' has no words. Delete the alias."]
    """
    lexicon = Lexicon(taxonomy)
    disputed = dict(contradictions(taxonomy, lexicon.fold))
    told = [] if taxonomy.kind in _SHARING_KINDS else list(disputed.values())
    normalizer = Normalizer(taxonomy, Options(tfidf=False))
    found = [*told, *_circles(taxonomy), *_unreached(normalizer, lexicon, disputed.keys())]
    return found if taxonomy.kind in _SHARING_KINDS else [*found, *_modifiers(taxonomy, lexicon), *_levelled(normalizer)]


def _circles(taxonomy: Taxonomy) -> Iterator[str]:
    """Roles that are wider than themselves."""
    for role in taxonomy.roles.values():
        wider, seen = role.broader, {role.id}
        while wider is not None and wider not in seen:
            seen.add(wider)
            wider = taxonomy.roles[wider].broader
        if wider == role.id:
            where = taxonomy.origin.lines.get(role.id, "")
            yield f"{where}{': ' if where else ''}{role.id!r} is wider than itself{_through(role.broader, role.id)}. Correct its broader."


def _through(wider: str | None, role_id: str) -> str:
    return f", through {wider!r}" if wider != role_id else ""


def _unreached(normalizer: Normalizer, lexicon: Lexicon, disputed: Collection[str]) -> Iterator[str]:
    """Names and aliases that, read as a title, do not give their role."""
    asked = [row for row in _titles(normalizer.taxonomy) if row[1] not in disputed]
    results = normalizer.normalize_many(text for _, text, _ in asked)
    for (where, text, role_id), result in zip(asked, results, strict=True):
        place = f"{where}: " if where else ""
        if not lexicon.fold(text):
            yield f"{place}{text!r} has no words. Delete the alias."
        elif result.role is None or result.role.id != role_id:
            yield f"{place}{text!r} does not give {role_id!r}, {_instead(result)}"


def _titles(taxonomy: Taxonomy) -> Iterator[tuple[str, str, str]]:
    """File and line, text and role id of every name and alias that a title can be."""
    for role in taxonomy.roles.values():
        yield taxonomy.origin.lines.get(role.id, ""), role.name, role.id
    for alias in taxonomy.aliases:
        if alias.role_id and alias.kind != "related" and not alias.language:
            yield alias.where, alias.alias, alias.role_id


def _modifiers(taxonomy: Taxonomy, lexicon: Lexicon) -> Iterator[str]:
    """Names and aliases that qualify other titles: with "Remote" for an alias, a "Baker (Remote)" has two roles."""
    for where, text, role_id in _titles(taxonomy):
        sense = lexicon.modifiers.get(" ".join(lexicon.fold(text)))
        if sense is not None and not sense.level:
            place = f"{where}: " if where else ""
            yield f"{place}{text!r} means {role_id!r}, but qualifies other titles ({sense.category}). Use a longer phrase."


def _instead(result: Result) -> str:
    """What a title gives in place of its role, and why, as the end of a sentence."""
    if result.status is Status.AMBIGUOUS:
        got = f"it is open between {', '.join(repr(candidate.role.id) for candidate in result.candidates[:3])}"
    else:
        got = f"it gives {result.role.id!r}" if result.role is not None else "it gives no role"
    taken = [f"{modifier.text!r} is taken off as {modifier.category}" for modifier in result.modifiers]
    taken += ["it is read as several titles"] if result.others else []
    return f"{got}: {'; '.join(taken)}." if taken else f"{got}. {result.reason}".rstrip()


def _levelled(normalizer: Normalizer) -> Iterator[str]:
    """Names with a level or grade in them, where the title without it, which is the usual one, gives no role."""
    seen = set()
    for role in normalizer.taxonomy.roles.values():
        result = normalize(role.name)
        said = [modifier for modifier in result.modifiers if modifier.category in ("level", "grade")]
        rest = _without(role.name, said)
        if not said or not rest or rest in seen or normalizer.normalize(rest).role is not None:
            continue
        seen.add(rest)
        where = normalizer.taxonomy.origin.lines.get(role.id, "")
        words = f"{role.name!r} has a {said[0].category} in its name"
        yield f"{where}{': ' if where else ''}{words}, and {rest!r} gives no role. Make {rest!r} an alias of the role that it usually means."


def _without(text: str, modifiers: Sequence[Modifier]) -> str:
    """A title without some of its modifiers."""
    for modifier in sorted(modifiers, key=lambda modifier: -modifier.start):
        text = text[: modifier.start] + " " + text[modifier.end :]
    return " ".join(text.split()).strip(" ,-/")
