"""Runs: an evaluation kept in a file, to compare a later one with it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter, ValidationError

from titlenorm import __version__, tables
from titlenorm.dialect import Dialect
from titlenorm.errors import InputError
from titlenorm.evaluate.judged import Reply
from titlenorm.evaluate.report import Report
from titlenorm.normalizer import Normalizer
from titlenorm.sink import Sink

__all__ = ["Row", "Run", "publish"]

_FORMAT: Final = "titlenorm evaluation"
_Score = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class Row:
    """A title and what was answered to it; the fields are those of `Reply`."""

    title: str
    status: Literal["resolved", "ambiguous", "unresolved", "empty"]
    role: str | None
    level: str | None
    grade: int | None
    score: _Score
    method: str | None
    candidates: tuple[tuple[str, _Score], ...]
    others: tuple[str, ...]

    @property
    def reply(self) -> Reply:
        """What was answered."""
        return Reply(**{name: getattr(self, name) for name in Reply.__slots__})


@dataclass(frozen=True, slots=True)
class Run:
    """An evaluation as it is kept.

    Attributes:
        format, format_version: what the file is.
        version: of titlenorm.
        data_version: of the bundled tables.
        taxonomy: its name.
        options: those of the normalizer.
        columns: what was labelled, and in which column.
        figures: the figures of all rows.
        rows: every title and its answer, in the order of the labels.
    """

    format: Literal["titlenorm evaluation"]
    format_version: Literal[1]
    version: str
    data_version: str
    taxonomy: str
    options: Mapping[str, bool | int | float | str | None]
    columns: Mapping[str, str]
    figures: Mapping[str, Any]
    rows: tuple[Row, ...]

    @staticmethod
    def of(report: Report, normalizer: Normalizer, columns: Mapping[str, str]) -> Run:
        """The run that a report and its normalizer make.

        Args:
            report: what was found.
            normalizer: what answered.
            columns: what was labelled, and in which column.
        """
        rows = tuple(Row(row.label.title, **{name: getattr(row.reply, name) for name in Reply.__slots__}) for row in report.rows)
        figures = {name: _plain(value) for name, value in asdict(report.figures).items()}
        data_version = tables.version()
        return Run(_FORMAT, 1, __version__, data_version, normalizer.taxonomy.name, asdict(normalizer.options), columns, figures, rows)

    @staticmethod
    def load(path: str) -> Run:
        """The run that a file holds.

        Raises:
            InputError: there is no such file, or it holds something else; the message says what.
        """
        try:
            return TypeAdapter(Run).validate_json(Path(path).read_bytes())
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror or error}. Make it with: titlenorm evaluate LABELLED --save {path}") from None
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"]))
            what = f"{place}: {first['msg']}" if place else first["msg"]
            raise InputError(f"{path} is not a run that this version can read ({what}). Make it anew with: titlenorm evaluate LABELLED --save FILE") from None

    def save(self, path: str) -> None:
        """Write the run as JSON, one row a line; the same run gives the same bytes.

        Raises:
            InputError: the file cannot be written.
        """
        head = {name: getattr(self, name) for name in Run.__slots__ if name != "rows"}
        rows = ",\n".join(_json({name: getattr(row, name) for name in Row.__slots__}) for row in self.rows)
        publish(path, f'{json.dumps(head, ensure_ascii=False, indent=1)[:-2]},\n "rows": [\n{rows}\n ]\n}}\n', "--save")


def publish(path: str, text: str, option: str) -> None:
    """Write a whole text file, or none.

    Args:
        path: the file, or "-" for standard output.
        text: its content.
        option: the option that named it, for messages.

    Raises:
        InputError: the file cannot be written.
    """
    sink = Sink(path, Dialect("utf-8", b"", ","), option)
    try:
        sink.write(text.encode("utf-8", "replace").decode())
        sink.close()
        sink.publish()
    finally:
        sink.discard()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    """A figure as JSON has it, rounded to what it can mean."""
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return round(value, 6) if isinstance(value, float) and math.isfinite(value) else value
