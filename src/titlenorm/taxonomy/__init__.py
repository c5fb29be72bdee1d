"""Taxonomies: canonical roles and the aliases that mean them, from the bundled tables or a user's own."""

from titlenorm.taxonomy.taxonomy import Alias, Taxonomy

__all__ = ["Alias", "Taxonomy"]
