"""Pages that the documentation builds from the tables: the roles of each family, with aliases and decisions."""

from __future__ import annotations

from collections import defaultdict

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from titlenorm import tables
from titlenorm.result import Role
from titlenorm.taxonomy import Taxonomy

_KINDS = {
    "synonym": "Aliases",
    "abbreviation": "Short forms",
    "function": "Fields",
    "misspelling": "Misspellings",
    "related": "May also mean this role",
}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add one page a family, and an index of the families."""
    taxonomy = Taxonomy.bundled()
    aliases: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    unlisted = []
    for row in tables.read("aliases.csv"):
        alias, role_id, kind, language, _, note = row.cells
        if kind == "unlisted":
            unlisted.append((alias, note))
        elif role_id:
            aliases[role_id].append((kind, f"{alias} ({language})" if language else alias, note))
    families: dict[str, list[Role]] = defaultdict(list)
    for role in taxonomy.roles.values():
        families[role.family].append(role)
    index = ["# Roles\n", f"{len(taxonomy)} roles in {len(families)} families, as the tables have them.\n"]
    for family in sorted(families):
        index.append(f"- [{family}]({family}.md): {len(families[family])} roles")
        page = [f"# {family}\n", *(_role(role, aliases[role.id]) for role in sorted(families[family]))]
        files.append(File.generated(config, f"roles/{family}.md", content="\n".join(page)))
    index += ["", f"[Occupations without a role](unlisted.md): {len(unlisted)} that titlenorm knows and does not force into a role."]
    files.append(File.generated(config, "roles/index.md", content="\n".join(index)))
    lines = ["# Occupations without a role\n", *(f"- {alias}" + (f": {note}" if note else "") for alias, note in sorted(unlisted))]
    files.append(File.generated(config, "roles/unlisted.md", content="\n".join(lines)))
    return files


def _role(role: Role, aliases: list[tuple[str, str, str]]) -> str:
    facts = [f"`{role.id}`", role.function, role.track]
    if role.broader:
        facts.append(f"wider: `{role.broader}`")
    facts += [f"{scheme} {code}" for scheme, code in role.codes.items()]
    lines = [f"## {role.name}\n", " · ".join(facts) + "\n", role.definition + "\n"]
    for kind, title in _KINDS.items():
        names = sorted(alias for found, alias, _ in aliases if found == kind)
        if names:
            lines.append(f"**{title}:** {', '.join(names)}\n")
    decisions = [f"- {alias}: {note}" for _, alias, note in sorted(aliases) if note]
    if decisions:
        lines += ["Decisions:\n", *decisions, ""]
    return "\n".join(lines)
