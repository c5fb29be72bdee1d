"""Taxonomies: canonical roles and the aliases that mean them, from the bundled tables, O*NET, ESCO or a user's own files."""

from titlenorm.taxonomy.alias import ALIAS_KINDS, Alias
from titlenorm.taxonomy.origin import Origin
from titlenorm.taxonomy.taxonomy import Taxonomy

__all__ = ["ALIAS_KINDS", "Alias", "Origin", "Taxonomy"]
