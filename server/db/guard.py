"""Every statement on a shop's table names its shop.

On PostgreSQL row-level security is a second wall; on SQLite this is the only one, and a
distributed engine finds the right machine by nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Alias, Delete, Insert, Join, Select, Table, Update
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import (
    BinaryExpression,
    BindParameter,
    BooleanClauseList,
    ClauseElement,
    TextClause,
)

from server.db.schema.base import SHOP, owner_column

_MOST_SHAPES: Final = 5_000
_tied: set[Any] = set()
_without_shop: set[Any] = set()


class UnnamedShop(AssertionError):
    """A statement does not name its shop: a fault of the program, found before it runs."""


class ForEver(AssertionError):
    """A statement would change or remove what is only ever added to."""


def check_names_shop(statement: ClauseElement) -> None:
    """Pass a statement in which each shop's table is tied to `SHOP`; remembered once passed.

    Tied means: among the conditions that must all hold (WHERE, ON) is `table.c.shop_id == SHOP`.

    Raises:
        UnnamedShop: a table is not tied, or the statement is text, which cannot be judged.
        ForEver: it changes or removes rows that are kept as they are.
    """
    _once(statement, _tied, lambda: _check(statement, frozenset()))


def check_directory_only(statement: ClauseElement) -> None:
    """Pass a statement that touches no shop's table.

    Raises:
        UnnamedShop: it does, or it is text.
    """
    _once(statement, _without_shop, lambda: _check_no_shop(statement))


def _once(statement: ClauseElement, passed: set[Any], check: Callable[[], None]) -> None:
    """Judge a shape of statement once: looking for its tables costs a millisecond.

    The shape is what SQLAlchemy keeps compiled statements by: everything but the values, and
    with the names of parameters that were given one, such as `SHOP`.
    """
    key = statement._generate_cache_key()
    if key is None:
        check()
    elif key.key not in passed:
        check()
        if len(passed) >= _MOST_SHAPES:
            passed.clear()
        passed.add(key.key)


def _check_no_shop(statement: ClauseElement) -> None:
    for part in _walk(statement):
        if isinstance(part, TextClause):
            raise UnnamedShop("a statement as text cannot be judged")
        if isinstance(part, Insert | Update | Delete) and owner_column(part.table):
            raise UnnamedShop(f"rows of {part.table} are each shop's own")
        if isinstance(part, Select):
            for table in _own_tables(part.get_final_froms()):
                raise UnnamedShop(f"{table} belongs to a shop")
        if isinstance(part, Table) and "shop_id" in part.c:
            raise UnnamedShop(f"{part} belongs to a shop")


def _walk(node: Any) -> Iterator[Any]:
    yield node
    for child in node.get_children():
        yield from _walk(child)


def _check(node: Any, outer: frozenset[Any]) -> None:
    if isinstance(node, TextClause):
        raise UnnamedShop("a statement as text cannot be judged")
    if isinstance(node, Select):
        sources = node.get_final_froms()
        tables = list(_own_tables(sources))
        conditions = _conditions_of_select(node, sources)
        _demand((one for one in tables if one not in outer), conditions, node)
        outer = outer | frozenset(tables)
    elif isinstance(node, Update | Delete):
        _check_change(node)
        outer = frozenset({node.table})
    elif isinstance(node, Insert):
        _check_insert(node)
    for child in node.get_children():
        # Only a subquery among conditions sees the tables around it; one in FROM does not.
        seen = frozenset() if child.__visit_name__ in ("subquery", "cte", "alias") else outer
        _check(child, seen)


def _demand(tables: Iterator[Any], conditions: list[Any], statement: Any) -> None:
    tied = [one for one in conditions if _ties(one)]
    for table in tables:
        if not any(_side_of(one, table) for one in tied):
            raise UnnamedShop(f"{table} is not tied to its shop in: {statement}")


def _check_change(node: Any) -> None:
    owner = owner_column(node.table)
    if not owner:
        return
    tied = [one for one in _conjuncts(node.whereclause) if _ties(one)]
    if not any(_side_of(one, node.table, owner) for one in tied):
        raise UnnamedShop(f"{node.table} is not tied to its shop in: {node}")
    if _keeps(node) == "rows" or (_keeps(node) == "keys" and isinstance(node, Delete)):
        raise ForEver(f"rows of {node.table} stay as they are")
    if isinstance(node, Update) and owner in {
        getattr(key, "name", key) for key in (node._values or {})
    }:
        raise UnnamedShop("a row never changes its shop")


def _keeps(node: Any) -> str:
    """What of a table's rows is kept for ever (`schema.base`)."""
    return str(getattr(node.table, "info", {}).get("keeps", ""))


def _check_insert(node: Insert) -> None:
    owner = owner_column(node.table)
    if not owner:
        return
    if not all(_is_shop(row.get(owner)) for row in _inserted(node)):
        raise UnnamedShop(f"an insert into {node.table} does not name its shop")
    if owner in dict(getattr(node._post_values_clause, "update_values_to_set", ())):
        raise UnnamedShop("a row never changes its shop")
    if hasattr(node._post_values_clause, "update_values_to_set") and _keeps(node) == "rows":
        raise ForEver(f"rows of {node.table} stay as they are")


def _inserted(node: Any) -> list[dict[str, Any]]:
    """What each row of an insert gives to each column, by name."""
    if node.select is None:
        rows = [row for several in node._multi_values for row in several] or [node._values or {}]
        return [{getattr(key, "name", key): value for key, value in row.items()} for row in rows]
    names = [getattr(name, "name", name) for name in node._select_names or ()]
    chosen = [getattr(one, "element", one) for one in node.select.selected_columns]
    return [dict(zip(names, chosen, strict=False))]


def _own_tables(sources: Sequence[Any]) -> Iterator[Any]:
    for source in sources:
        yield from _tables_in(source)


def _tables_in(source: Any) -> Iterator[Any]:
    if isinstance(source, Join):
        yield from _tables_in(source.left)
        yield from _tables_in(source.right)
    elif _is_table(source) and "shop_id" in source.c:
        yield source


def _is_table(source: Any) -> bool:
    return isinstance(source.element if isinstance(source, Alias) else source, Table)


def _conditions_of_select(select: Select[Any], sources: Sequence[Any]) -> list[Any]:
    found = list(_conjuncts(select.whereclause))
    for source in sources:
        found += _on_conditions(source)
    return found


def _on_conditions(source: Any) -> list[Any]:
    if not isinstance(source, Join):
        return []
    return [
        *_conjuncts(source.onclause),
        *_on_conditions(source.left),
        *_on_conditions(source.right),
    ]


def _conjuncts(clause: Any) -> Iterator[Any]:
    if isinstance(clause, BooleanClauseList) and clause.operator is operators.and_:
        for part in clause.clauses:
            yield from _conjuncts(part)
    elif clause is not None:
        yield clause


def _is_shop(value: Any) -> bool:
    return isinstance(value, BindParameter) and value.key == SHOP.key


def _ties(condition: Any) -> bool:
    return (
        isinstance(condition, BinaryExpression)
        and condition.operator is operators.eq
        and (_is_shop(condition.left) or _is_shop(condition.right))
    )


def _side_of(condition: Any, table: Any, owner: str = "shop_id") -> bool:
    column = condition.right if _is_shop(condition.left) else condition.left
    return getattr(column, "name", "") == owner and getattr(column, "table", None) is table
