"""Trie: all phrases of the tables, word by word."""

from __future__ import annotations

from titlenorm.native import mypyc_attr
from titlenorm.senses import Sense

__all__ = ["Node"]


@mypyc_attr(acyclic=True)
class Node:
    """A place in the trie of phrases: what the words so far mean, and the words that may follow.

    Nearly all phrases mean one thing, and most places have one word behind them: neither needs an object of its own.

    Attributes:
        sense: what the words so far mean first; None when they are no phrase.
        more: what else they mean.
    """

    __slots__ = ("_following", "_next", "_word", "more", "sense")

    def __init__(self) -> None:
        self.sense: Sense | None = None
        self.more: tuple[Sense, ...] = ()
        self._word = ""
        self._next: Node | None = None
        self._following: dict[str, Node] | None = None

    @property
    def senses(self) -> tuple[Sense, ...]:
        """All meanings of the words so far."""
        return (self.sense, *self.more) if self.sense is not None else ()

    def means(self, senses: tuple[Sense, ...]) -> None:
        """Give the words so far other meanings."""
        self.sense, self.more = (senses[0], senses[1:]) if senses else (None, ())

    def add(self, sense: Sense) -> None:
        """One more meaning of the words so far."""
        if self.sense is None:
            self.sense = sense
        else:
            self.more = (*self.more, sense)

    def step(self, word: str) -> Node | None:
        """The place behind one more word; words are interned, so that no letters are compared."""
        if self._following is not None:
            return self._following.get(word)
        return self._next if self._word is word else None

    def after(self, words: tuple[str, ...]) -> Node:
        """The place behind some words, of which the first has led here, made where it is new."""
        node = self
        for place in range(1, len(words)):
            following = node.step(words[place])
            if following is None:
                following = Node()
                node._put(words[place], following)
            node = following
        return node

    def _put(self, word: str, node: Node) -> None:
        if self._following is not None:
            self._following[word] = node
        elif self._next is None:
            self._word, self._next = word, node
        else:
            self._following = {self._word: self._next, word: node}
            self._next = None
