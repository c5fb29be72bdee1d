"""Word: a word or a sign of a title, and what the tables say of it alone."""

from __future__ import annotations

from typing import Final

from titlenorm.native import mypyc_attr
from titlenorm.text import Token
from titlenorm.trie import Node
from titlenorm.tuples import make

__all__ = ["UNREAD", "Form", "Runs", "Word", "joined"]

Runs = dict[str, list[tuple[tuple[str, ...], str]]]
"""A word to the runs that it tells: all their words, and the standard form, longest first."""


@mypyc_attr(acyclic=True)
class Form:
    """A word in its standard form, with what is asked of every word of every title.

    Attributes:
        standard: the word.
        node: the place in the trie of phrases behind it; None when no phrase begins with it.
        unread: whether phrases begin with it that have not been put into the trie yet.
        joins: the runs that it begins and that are also written as one word ("front end"), by their second words; None when there is none.
        readings: what it stands for as a short form with several readings ("eng": engineering, engineer).
        begins_number: whether a number or a grade letter can begin with it.
    """

    __slots__ = ("begins_number", "joins", "node", "readings", "standard", "unread")

    def __init__(self, standard: str, begins_number: bool = False) -> None:
        self.standard = standard
        self.begins_number = begins_number
        self.node: Node | None = None
        self.joins: Runs | None = None
        self.readings: tuple[Form, ...] = ()
        self.unread = False

    def root(self) -> Node:
        """The place in the trie behind it, made where it is new."""
        if self.node is None:
            self.node = Node()
        return self.node


UNREAD: Final = Form("")
"""The form of a sign, and of a word whose reading depends on its neighbours."""


@mypyc_attr(acyclic=True, free_list_len=1)
class Word:
    """A word or a sign of a raw title, or several that are read as one.

    `raw[start:end]` is what it covers; `text` and `name`, its key, are those of its first word, and `more` are the further ones.
    The `text` of a word that the title does not have ("and" for "&") is empty. `name` of a sign is the one plain character that
    it is folded to ("/", ",", "-", "(", newline). `then` is what follows it without a blank, where that is remembered.
    """

    __slots__ = ("end", "form", "is_word", "more", "name", "standard", "start", "text", "then")

    def __init__(self, start: int, end: int, text: str, name: str, is_word: bool, form: Form = UNREAD, more: tuple[Word, ...] = ()) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.name = name
        self.is_word = is_word
        self.form = form
        self.standard = form.standard
        self.more = more
        self.then: Word | None = None

    def behind(self, chars: int) -> Word:
        """The same behind some characters."""
        return Word(self.start + chars, self.end + chars, self.text, self.name, self.is_word, self.form)

    def read_as(self, form: Form) -> Word:
        """The same with another form."""
        return Word(self.start, self.end, self.text, self.name, self.is_word, form, self.more)

    def tokens(self) -> list[Token]:
        """The words of the text that it covers, as results have them."""
        if not self.text:
            return []
        found = [make(Token, (self.start, self.start + len(self.text), self.text, self.name))]
        for word in self.more:
            found += word.tokens()
        return found

    def parts(self) -> list[Word]:
        """The same, each as a word of its own."""
        if not self.more:
            return [self] if self.text else []
        return [Word(self.start, self.start + len(self.text), self.text, self.name, True, self.form), *self.more]


def joined(words: list[Word], form: Form) -> Word:
    """Some words and signs read as one; signs are passed over."""
    covered = [part for word in words if word.is_word for part in word.parts()]
    if not covered:
        return Word(words[0].start, words[0].start, "", "", True, form)
    first = covered[0]
    return Word(first.start, covered[-1].end, first.text, first.name, True, form, tuple(covered[1:]))
