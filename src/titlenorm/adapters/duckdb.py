"""DuckDB: the SQL functions `titlenorm` and `titlenorm_role` for a connection."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from titlenorm.adapters.arrow import Array, columns_of, struct_of
from titlenorm.adapters.schema import TYPES
from titlenorm.answer import COLUMNS
from titlenorm.errors import InputError, MissingExtraError
from titlenorm.normalizer import Normalizer

if TYPE_CHECKING:
    import duckdb

__all__ = ["register"]

_SQL = {str: "VARCHAR", int: "BIGINT", float: "DOUBLE"}


def register(con: duckdb.DuckDBPyConnection, normalizer: Normalizer | None = None) -> None:
    """Give a connection the SQL functions `titlenorm` and `titlenorm_role`; registering again replaces them.

    - `titlenorm(title)` is a struct with the columns of the command line as fields.
    - `titlenorm_role(title)` is the name of the role.

    Both take further columns whose words decide between the readings of an acronym: `titlenorm(title, department)`.
    NULL gives NULL. The functions last as long as the connection, and its cursors have them too.

    Args:
        con: a connection; `duckdb.default_connection()` is the one of `duckdb.sql`.
        normalizer: what answers; the shared one with the bundled taxonomy when None.

    Raises:
        InputError: another connection to the same database has registered the functions.
        MissingExtraError: duckdb or pyarrow is not installed.

    >>> import duckdb
    >>> con = duckdb.connect()
    >>> register(con)
    >>> con.sql("SELECT titlenorm_role('Sr. Accountant'), titlenorm('VP, Engineering').level").fetchall()
    [('Accountant', 'vp')]
    """
    try:
        import duckdb
        import pyarrow  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingExtraError.of(error.name or "duckdb", "duckdb") from error

    def structs(*cells: Array) -> Array:
        return struct_of(cells[0], cells[1:], normalizer, COLUMNS)

    def roles(*cells: Array) -> Array:
        return columns_of(cells[0], cells[1:], normalizer, ["role"])[0]

    struct = duckdb.struct_type({name: _SQL[kind] for name, kind in TYPES.items()})
    for name, function, kind in (("titlenorm", structs, struct), ("titlenorm_role", roles, "VARCHAR")):
        with suppress(duckdb.InvalidInputException):  # this connection has not registered it before
            con.remove_function(name)
        try:
            con.create_function(name, function, None, kind, type="arrow", null_handling="special")  # type: ignore[call-overload]  # its stubs know no names
        except (duckdb.CatalogException, duckdb.NotImplementedException):
            raise InputError(f"Another connection has registered {name}() in this database. Use it as it is, or register on that connection.") from None
