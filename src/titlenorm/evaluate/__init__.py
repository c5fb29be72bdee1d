"""Evaluation: labelled titles in, figures out, and the difference to an earlier run."""

from titlenorm.evaluate.comparison import Change, Comparison, compare
from titlenorm.evaluate.judged import Judged, Reply, judge
from titlenorm.evaluate.labels import Label, Labelled, read_labels
from titlenorm.evaluate.report import Confusion, Report, Slice, evaluate
from titlenorm.evaluate.run import Run

__all__ = [
    "Change", "Comparison", "Confusion", "Judged", "Label", "Labelled", "Reply", "Report", "Run", "Slice",
    "compare", "evaluate", "judge", "read_labels",
]  # fmt: skip
