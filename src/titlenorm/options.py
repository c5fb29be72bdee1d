"""Options: every threshold and every switch of titlenorm, in one frozen place."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Options"]


class Options(BaseModel):
    """How a `Normalizer` decides.

    Attributes:
        min_score: a best candidate below this score (0 to 1), the probability that it is right, is not resolved. With the
            bundled roles, 0.72 resolves a known field with a general noun ("Treasury Specialist") and leaves open a known field
            with a word that no table knows, of which one answer in three is wrong.
        min_margin: a runner-up closer than this (0 to 1) makes the title ambiguous.
        precision: of the titles that are resolved, the share that must be right (0 to 1): sets `min_score` by how reliable
            answers of the taxonomy are. None leaves `min_score` as it is.
        backoff: resolve a tie between roles to the role that is wider than all of them.
        spelling: repair unknown words against the vocabulary.
        tfidf: propose candidates by TF-IDF for what the tables miss.
        candidates: how many candidates a `Result` carries, at least 1.
        rollup: answer with the wider role (`broader`) of the role that was found, where there is one.
        others: how many further titles of one cell are kept.

    >>> Options(min_score=0.8).min_score
    0.8
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_score: float = Field(default=0.72, ge=0, le=1)
    min_margin: float = Field(default=0.05, ge=0, le=1)
    precision: float | None = Field(default=None, gt=0, lt=1)
    backoff: bool = False
    spelling: bool = True
    tfidf: bool = True
    candidates: int = Field(default=5, ge=1, le=100)
    rollup: bool = False
    others: int = Field(default=8, ge=0, le=100)
