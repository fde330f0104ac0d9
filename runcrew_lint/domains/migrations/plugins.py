"""What the operations of widely used packages do, that register theirs with Alembic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from runcrew_lint.domains.migrations.arguments import MISSING, Arguments, Change, Fields, why
from runcrew_lint.domains.migrations.facts import Column, Kind, Relation
from runcrew_lint.domains.migrations.operations import OPERATIONS, Signature, signature
from runcrew_lint.domains.migrations.said import is_call, text_or_empty
from runcrew_lint.domains.migrations.values import Unclear, Value, describe


def _sync_enum(call: Arguments) -> Iterator[Change]:
    """`op.sync_enum_values` of alembic-postgresql-enum: a new type takes the old one's place."""
    name, schema = call.text("enum_name", "the enum"), call.get("enum_schema")
    labels = call.get("new_values")
    known = tuple(str(each) for each in labels if isinstance(each, str)) if isinstance(labels, list) else ()
    full = name if schema in (None, "public") or not isinstance(schema, str) else f"{schema}.{name}"
    for pair in _renamed(call.get("enum_values_to_rename", ())):
        yield Kind.ALTER_ENUM, {"name": full, "words": "rename value", "values": pair}
    old = Relation("", f"{name}_old")
    yield Kind.ALTER_TYPE_OBJECT, {"name": full, "words": "rename to", "target": old}
    yield Kind.CREATE_TYPE, {"name": full, "words": "enum", "values": known}
    columns = call.get("affected_columns", ())
    if not isinstance(columns, (list, tuple)):
        raise Unclear("the columns", why(columns))
    for each in columns:
        if is_call(each, "TableReference"):
            given = {**dict(zip(("table_name", "column_name"), each.args, strict=False)), **each.kwargs}
        elif isinstance(each, tuple) and len(each) == 2:  # as its first versions took them
            given = {"table_name": each[0], "column_name": each[1]}
        else:
            raise Unclear("a column", why(each))
        inner = Arguments({**given, "schema": given.get("table_schema")}, (), call.place)
        several = describe(given.get("column_type")).endswith("ColumnType.ARRAY")
        column = Column(inner.text("column_name", "the column"), type=f"{full}[]" if several else full)
        yield Kind.ALTER_TYPE, {"table": inner.table(), "columns": (column,)}
    yield Kind.DROP_TYPE, {"name": f"{full}_old"}


def _renamed(labels: Value) -> Iterator[tuple[str, str]]:
    """Labels that go over into others: each row gets the new one as the column changes its type."""
    if not isinstance(labels, (list, tuple)):
        raise Unclear("the labels", why(labels))
    for each in labels:
        match each:
            case [str(old), str(new)]:
                yield old, new
            case _:
                raise Unclear("a label", why(each))


def _entity(verb: str) -> Callable[[Arguments], Iterator[Change]]:
    """`op.create_entity` and its kin of alembic_utils: views, functions, triggers, extensions, grants."""

    def reader(call: Arguments) -> Iterator[Change]:
        entity = call.get("entity", MISSING)
        if not is_call(entity, *_ENTITIES):
            raise Unclear("the entity", why(entity))
        create, drop, first = _ENTITIES[entity.name]
        given = {**dict(zip(("schema", first, "definition"), entity.args, strict=False)), **entity.kwargs}
        inner = Arguments(given, (), call.place)
        named = text_or_empty(given.get(first)).partition("(")[0].strip()
        schema = inner.schema()
        fields: Fields = {"name": named if first == "schema" else str(Relation(schema, named))}
        if create is Kind.CREATE_VIEW:
            fields = {"table": Relation(schema, named), "materialized": entity.name == "PGMaterializedView"}
        elif create is Kind.CREATE_TRIGGER:
            table = text_or_empty(given.get("on_entity")).rpartition(".")
            fields = {"name": named, "table": Relation(table[0], table[2])}
        elif create is Kind.OTHER:
            fields = {"words": f"{verb} policy"}
        if verb == "create":
            yield create, fields
        else:
            yield drop, fields | ({"if_exists": True} if verb == "replace" else {})
            if verb == "replace":
                yield create, dict(fields)

    return reader


def _spatial_index(call: Arguments) -> Iterator[Change]:
    """`op.create_geospatial_index` of GeoAlchemy2, which is GiST's on PostgreSQL."""
    for kind, fields in OPERATIONS["create_index"].read(call):
        yield kind, fields | {"index": replace(fields["index"], using="gist")}


# The kind that creates, the kind that drops, and the name's parameter.
_ENTITIES = {
    "PGFunction": (Kind.CREATE_FUNCTION, Kind.DROP_FUNCTION, "signature"),
    "PGView": (Kind.CREATE_VIEW, Kind.DROP_VIEW, "signature"),
    "PGMaterializedView": (Kind.CREATE_VIEW, Kind.DROP_VIEW, "signature"),
    "PGTrigger": (Kind.CREATE_TRIGGER, Kind.DROP_TRIGGER, "signature"),
    "PGExtension": (Kind.CREATE_EXTENSION, Kind.DROP_EXTENSION, "signature"),
    "PGPolicy": (Kind.OTHER, Kind.OTHER, "signature"),
}


# Operations that widely used packages register with Alembic.
PLUGINS: Mapping[str, Signature] = {
    "sync_enum_values": signature(_sync_enum, "enum_schema enum_name new_values affected_columns"),
    "create_entity": signature(_entity("create"), "entity"),
    "drop_entity": signature(_entity("drop"), "entity"),
    "replace_entity": signature(_entity("replace"), "entity"),
    "create_geospatial_table": OPERATIONS["create_table"],
    "drop_geospatial_table": OPERATIONS["drop_table"],
    "add_geospatial_column": OPERATIONS["add_column"],
    "drop_geospatial_column": OPERATIONS["drop_column"],
    "create_geospatial_index": replace(OPERATIONS["create_index"], read=_spatial_index),
    "drop_geospatial_index": signature(
        OPERATIONS["drop_index"].read, "index_name table_name column_name schema", "index_name column_name"
    ),
}
