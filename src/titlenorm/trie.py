"""Trie: all phrases of the tables, word by word."""

from __future__ import annotations

from titlenorm.native import mypyc_attr
from titlenorm.senses import Sense

__all__ = ["Node"]


@mypyc_attr(acyclic=True)
class Node:
    """A place in the trie of phrases: what the words so far mean, and the words that may follow."""

    __slots__ = ("following", "senses")

    def __init__(self) -> None:
        self.senses: tuple[Sense, ...] = ()
        self.following: dict[str, Node] | None = None

    def add(self, sense: Sense) -> None:
        """One more meaning of the words so far."""
        self.senses = (*self.senses, sense) if self.senses else (sense,)

    def after(self, words: tuple[str, ...]) -> Node:
        """The place behind some words, made where it is new."""
        node = self
        for word in words:
            following = node.following
            if following is None:
                following = node.following = {}
            known = following.get(word)
            if known is None:
                known = following[word] = Node()
            node = known
        return node
