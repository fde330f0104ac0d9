"""What a statement says, by PostgreSQL's own parser (libpg_query) and by our reading: both in one form.

Compared are the command, its target, and of each action what a rule may ask: names, types, flags,
constraints. An expression is compared as being there or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import postgast

from runcrew_lint.domains.migrations.facts import (
    Column,
    Constraint,
    ConstraintKind,
    Kind,
    Operation,
    Relation,
)
from runcrew_lint.domains.migrations.statements import read

pb = postgast.pg_query_pb2


class Said(NamedTuple):
    """One change: its command, its target, and what it is about."""

    what: str
    target: str
    about: tuple[str, ...] = ()


class Untold(Exception):
    """The oracle has no words for it: it is outside of what is compared."""


# -- ours ------------------------------------------------------------------------------------------------


def ours(sql: str) -> list[Said]:
    """Our own reading; what can't be read is said as "gap"."""
    found = []
    for each in read(sql):
        if isinstance(each, Operation):
            found.append(_ours(each))
        else:
            found.append(Said("gap", each.what, (each.why,)))
    return found


def _flags(**given: bool) -> tuple[str, ...]:
    return tuple(f"+{name}" for name, value in given.items() if value)


def _ours(o: Operation) -> Said:
    target = str(o.table) if o.table.name else ""
    of_index = str(Relation(o.table.schema, o.name))
    kind = o.kind
    columns = tuple(_our_column(each) for each in o.columns)
    names = tuple(each.name for each in o.columns)
    constraints = tuple(sorted(map(_our_constraint, o.constraints)))
    exists = _flags(exists=o.if_exists)
    if kind is Kind.CREATE_TABLE:
        return Said(
            "create table",
            target,
            (
                *(columns if not o.words.startswith("as") else ()),
                *constraints,
                *(f"like {each.table}" for each in o.likes),
                *(() if o.words.startswith("as") else map(str, o.others)),
                *_flags(
                    exists=o.if_exists,
                    temporary=o.temporary,
                    unlogged=o.unlogged,
                    partitioned=o.partitioned,
                    partition=o.words == "partition of",
                    query=o.words.startswith("as"),
                    foreign=o.words == "foreign",
                ),
            ),
        )
    if kind is Kind.CREATE_INDEX:
        assert o.index is not None
        keys = tuple(key if _is_plain(key, o) else "(...)" for key in o.index.keys)
        return Said(
            "create index",
            target,
            (
                o.name,
                *keys,
                "include",
                *o.index.include,
                o.index.using or "btree",
                *_flags(
                    unique=o.index.unique,
                    concurrently=o.concurrently,
                    exists=o.if_exists,
                    where=bool(o.index.where),
                    only=o.index.only,
                    distinct=not o.index.nulls_not_distinct,
                ),
            ),
        )
    if kind is Kind.CREATE_VIEW:
        flags = _flags(
            exists=o.if_exists, replaces=o.replaces, materialized=o.materialized, temporary=o.temporary
        )
        return Said("create view", target, (*names, *flags))
    if kind is Kind.CREATE_TYPE:
        return Said("create type", o.name, (o.words, *o.values, *columns))
    if kind is Kind.ALTER_ENUM:
        return Said("alter enum", o.name, (o.words, *o.values, *(f"{a} {b}" for a, b in o.options), *exists))
    if kind is Kind.CREATE_DOMAIN:
        (told,) = o.columns
        about = (told.type.replace('"', ""), *constraints, *_flags(default=told.default is not None))
        return Said("create domain", o.name, (*about, *_flags(notnull=not told.nullable)))
    if kind is Kind.ALTER_DOMAIN:
        labels = tuple(each.name for each in o.constraints)
        return Said("alter domain", o.name, (o.words, *labels, *_moved(o)))
    if kind is Kind.ALTER_TYPE_OBJECT:
        return Said("alter type", o.name, (o.words, *columns, *_moved(o), *exists))
    if kind in (Kind.DROP_TABLE, Kind.DROP_VIEW, Kind.DROP_SEQUENCE):
        what = f"{kind.value}{' materialized' if o.materialized else ''}"
        return Said(what, target, (*exists, *_flags(cascade=o.cascade)))
    if kind is Kind.DROP_INDEX:
        return Said(
            "drop index", of_index, (*exists, *_flags(cascade=o.cascade, concurrently=o.concurrently))
        )
    if kind is Kind.DROP_TYPE:
        return Said("drop type", o.name, (o.words, *exists, *_flags(cascade=o.cascade)))
    if kind in (Kind.CREATE_SEQUENCE, Kind.ALTER_SEQUENCE):
        words = {name.removeprefix("no ") for name, _ in o.options}
        action = () if o.words.startswith("set ") and o.words != "set schema" else (o.words,)
        return Said(kind.value, target, (*sorted(words), *action, *_moved(o), *exists))
    if kind in (Kind.RENAME_TABLE, Kind.SET_SCHEMA):
        return Said(kind.value, target, (*_moved(o), *exists))
    if kind is Kind.RENAME_INDEX:
        return Said(kind.value, of_index, (*_moved(o), *exists))
    if kind is Kind.RENAME_COLUMN:
        return Said(kind.value, target, (*names, o.name, *exists))
    if kind is Kind.RENAME_CONSTRAINT:
        return Said(kind.value, target, (o.name, *_moved(o), *exists))
    if kind is Kind.ADD_COLUMN:
        return Said(kind.value, target, (*columns, *constraints, *exists))
    if kind in (Kind.DROP_COLUMN, Kind.DROP_CONSTRAINT):
        about = names or (o.name,)
        return Said(kind.value, target, (*about, *exists, *_flags(cascade=o.cascade)))
    if kind is Kind.ALTER_TYPE:
        (told,) = o.columns
        flags = _flags(using=bool(o.text), collate=bool(told.collation))
        return Said(kind.value, target, (told.name, told.type.replace('"', ""), *flags))
    if kind in (Kind.SET_NOT_NULL, Kind.DROP_NOT_NULL, Kind.SET_DEFAULT, Kind.DROP_DEFAULT):
        return Said(kind.value, target, names)
    if kind is Kind.ADD_CONSTRAINT:
        return Said(kind.value, target, constraints)
    if kind is Kind.VALIDATE_CONSTRAINT:
        return Said(kind.value, target, (o.name,))
    if kind in (Kind.ATTACH_PARTITION, Kind.DETACH_PARTITION):
        flags = _flags(concurrently=o.concurrently, finalize=o.words == "finalize")
        return Said(kind.value, target or of_index, (*map(str, o.others), *flags))
    if kind is Kind.ALTER_TABLE:
        return _our_action(o, target, names)
    if kind is Kind.OTHER and o.words.startswith("alter index"):
        return Said(_our_words(o.words.removeprefix("alter index ")), of_index)
    if kind is Kind.OTHER and o.words.startswith(("alter view", "alter materialized view")):
        return Said(_our_words(o.words.partition("view ")[2]), target)
    return _our_rest(o, target)


def _our_rest(o: Operation, target: str) -> Said:
    """What is no definition of a relation or type."""
    kind = o.kind
    exists = _flags(exists=o.if_exists)
    cascade = _flags(cascade=o.cascade)
    if kind in (Kind.INSERT, Kind.UPDATE, Kind.DELETE, Kind.SELECT):
        what = "merge" if o.words == "merge" else "copy" if o.words == "copy" else kind.value
        locking = (o.words,) if o.words.startswith("for ") else ()
        return Said(what, target, (*sorted(map(str, o.others)), *locking))
    if kind in (Kind.CREATE_SCHEMA, Kind.DROP_SCHEMA, Kind.CREATE_EXTENSION, Kind.DROP_EXTENSION):
        return Said(kind.value, o.name, (*exists, *cascade))
    if kind is Kind.RENAME_SCHEMA:
        return Said(kind.value, o.name, _moved(o))
    if kind is Kind.CREATE_FUNCTION:
        given = [name for name, _ in o.options if name.startswith("set ")]
        definer = ("security", "definer") in o.options
        flags = _flags(replaces=o.replaces, definer=definer)
        return Said(kind.value, o.name, (o.words, str(len(o.values)), *given, *flags))
    if kind is Kind.DROP_FUNCTION:
        return Said(kind.value, o.name, (o.words, *exists, *cascade))
    if kind is Kind.CREATE_TRIGGER:
        flags = _flags(replaces=o.replaces, constraint=o.words == "constraint", when=bool(o.text))
        calls = dict(o.options)["execute"]
        return Said(kind.value, target, (o.name, calls, *map(str, o.others), *flags))
    if kind is Kind.DROP_TRIGGER:
        return Said(kind.value, target, (o.name, *exists, *cascade))
    if kind in (Kind.TRUNCATE, Kind.LOCK):
        return Said(kind.value, target, (o.words, *cascade, *_flags(only=o.only)))
    if kind in (Kind.VACUUM, Kind.ANALYZE):
        return Said(kind.value, target)
    if kind is Kind.CLUSTER:
        return Said(kind.value, target, (o.name,))
    if kind is Kind.REINDEX:
        name = o.name if o.words != "index" else str(Relation(o.table.schema, o.name))
        return Said(kind.value, target, (o.words, name, *_flags(concurrently=o.concurrently)))
    if kind is Kind.REFRESH:
        return Said(kind.value, target, _flags(concurrently=o.concurrently, empty=bool(o.words)))
    if kind is Kind.COMMENT_TABLE:
        return Said(kind.value, target, (o.text,))
    if kind is Kind.COMMENT_COLUMN:
        return Said(kind.value, target, (o.columns[0].name, o.columns[0].comment or ""))
    if kind is Kind.SET:
        if o.words in ("", "reset"):
            return Said("set", o.name, (o.words, *_flags(local=o.local)))
        raise Untold
    if kind in (Kind.BEGIN, Kind.COMMIT, Kind.ROLLBACK):
        return Said(kind.value, "")
    head = " ".join(o.words.split()[:2])
    if head in ("create policy", "drop policy", "alter policy", "create rule", "drop rule"):
        return Said(head, target, (o.name,))
    raise Untold


def _our_action(o: Operation, target: str, names: tuple[str, ...]) -> Said:
    words = _our_words(o.words)
    about = (*names, *map(str, o.others))
    if words.startswith(("enable", "disable", "cluster", "alter constraint")) and o.name not in (
        "all",
        "user",
    ):
        about += (o.name,) if o.name else ()
    return Said(words, target, about)


def _our_words(words: str) -> str:
    if words.startswith("alter column "):
        return words.removeprefix("alter column ")
    if words.startswith("alter constraint"):
        return "alter constraint"
    if words.startswith("replica identity"):
        return "replica identity"
    if words.startswith("restart"):
        return "set generated"
    return words


def _moved(o: Operation) -> tuple[str, ...]:
    return (f"->{o.target}",) if o.target is not None else ()


def _our_column(column: Column) -> str:
    text = f"{column.name}:{column.type.replace(chr(34), '')}"
    flags = _flags(
        default=column.default is not None,
        identity=column.identity,
        generated=column.generated is not None,
        collate=bool(column.collation),
        notnull=not column.nullable and not column.serial and not column.primary_key and not column.identity,
    )
    return text + "".join(flags)


def _our_constraint(constraint: Constraint) -> str:
    text = f"{constraint.kind.value} {constraint.name}({','.join(constraint.columns)})"
    if constraint.kind is ConstraintKind.EXCLUDE:
        text = f"{constraint.kind.value} {constraint.name}"
    if constraint.references is not None:
        text += f"->{constraint.references}({','.join(constraint.referred)})"
        text += f" {constraint.on_delete or 'no action'} {constraint.on_update or 'no action'}"
    return text + "".join(
        _flags(
            invalid=not constraint.valid,
            deferrable=constraint.deferrable,
            deferred=constraint.deferred,
            unenforced=not constraint.enforced,
            using=bool(constraint.using_index),
            noinherit=constraint.no_inherit,
            distinct=not constraint.nulls_not_distinct,
        )
    )


def _is_plain(key: str, o: Operation) -> bool:
    text = key.strip()
    return not text.endswith((")", "'")) and "::" not in text and not text.startswith("(")


# -- theirs ----------------------------------------------------------------------------------------------


def theirs(sql: str) -> list[Said]:
    """libpg_query's reading.

    Errors:
        postgast.PgQueryError where it is no SQL; Untold where it is outside of what is compared.
    """
    found: list[Said] = []
    for raw in postgast.parse(sql).stmts:
        field = raw.stmt.WhichOneof("node")
        reader = _READERS.get(field)
        if reader is None:
            raise Untold
        found += reader(getattr(raw.stmt, field))
    return found


def _relation(node: Any) -> str:
    return str(Relation(node.schemaname, node.relname))


def _dotted(nodes: Any) -> str:
    parts = [each.string.sval for each in nodes]
    return str(Relation(parts[-2] if len(parts) > 1 else "", parts[-1]))


_TYPES = {
    "int4": "integer",
    "int8": "bigint",
    "int2": "smallint",
    "float4": "real",
    "float8": "double precision",
    "bool": "boolean",
    "varchar": "character varying",
    "bpchar": "character",
    "varbit": "bit varying",
    "serial": "integer",
    "serial4": "integer",
    "bigserial": "bigint",
    "serial8": "bigint",
    "smallserial": "smallint",
    "serial2": "smallint",
    "int": "integer",
    "decimal": "numeric",
}


def _type(node: Any) -> str:
    parts = [each.string.sval for each in node.names]
    native = parts[0] == "pg_catalog"
    name = ".".join(parts[1:] if native and len(parts) > 1 else parts)
    mods = [str(each.a_const.ival.ival) for each in node.typmods if each.HasField("a_const")]
    array = "[]" if node.array_bounds else ""
    if name in ("timestamptz", "timetz", "timestamp", "time"):
        zone = "with" if name.endswith("tz") else "without"
        size = f"({mods[0]})" if mods else ""
        return f"{name.removesuffix('tz')}{size} {zone} time zone{array}"
    if name == "interval":
        return f"interval{array}"
    if name == "char" and not native:
        return f"char{array}"
    if len(node.typmods) != len(mods):
        return f"{name}(...){array}"
    if name == "numeric" and len(mods) == 1:
        mods.append("0")
    if name == "bpchar" and not native and not mods:
        return f"character{array}"
    if name == "bit" and native and mods == ["1"]:
        mods = []
    size = f"({','.join(mods)})" if mods else ""
    return f"{_TYPES.get(name, name)}{size}{array}"


def _column(node: Any) -> tuple[str, list[str]]:
    kind = _type(node.type_name) if node.HasField("type_name") else ""
    serial = kind and node.type_name.names[-1].string.sval in _TYPES and "serial" in str(node.type_name)
    flags: dict[str, bool] = dict.fromkeys(("default", "identity", "generated", "collate", "notnull"), False)
    flags["collate"] = node.HasField("coll_clause")
    found: list[Any] = []
    primary = False
    for each in node.constraints:
        c = each.constraint
        if c.contype == pb.CONSTR_NOTNULL:
            flags["notnull"] = True
            if c.conname:
                found.append(c)
        elif c.contype == pb.CONSTR_DEFAULT:
            flags["default"] = True
        elif c.contype == pb.CONSTR_IDENTITY:
            flags["identity"] = True
        elif c.contype == pb.CONSTR_GENERATED:
            flags["generated"] = True
        elif c.contype in _ATTRIBUTES:
            found.append(c)
        elif c.contype in _CONSTRAINTS:
            primary = primary or c.contype == pb.CONSTR_PRIMARY
            found.append(c)
    if serial or primary or flags["identity"]:
        flags["notnull"] = False
    return node.colname + ":" + kind + "".join(_flags(**flags)), _constraints(found, node.colname)


_CONSTRAINTS = {
    pb.CONSTR_PRIMARY: "primary key",
    pb.CONSTR_UNIQUE: "unique",
    pb.CONSTR_FOREIGN: "foreign key",
    pb.CONSTR_CHECK: "check",
    pb.CONSTR_EXCLUSION: "exclude",
    pb.CONSTR_NOTNULL: "not null",
}
_ATTRIBUTES = {
    pb.CONSTR_ATTR_DEFERRABLE: "deferrable",
    pb.CONSTR_ATTR_DEFERRED: "deferred",
    pb.CONSTR_ATTR_NOT_DEFERRABLE: "",
    pb.CONSTR_ATTR_IMMEDIATE: "",
    pb.CONSTR_ATTR_NOT_ENFORCED: "unenforced",
    pb.CONSTR_ATTR_ENFORCED: "",
}
_ACTIONS = {"": "no action", "a": "no action", "r": "restrict", "c": "cascade", "n": "set null"}
_ACTIONS["d"] = "set default"


def _constraints(nodes: list[Any], column: str = "") -> list[str]:
    """Constraints as text; a column's attributes stand behind the constraint that they are of."""
    found: list[str] = []
    for at, node in enumerate(nodes):
        if node.contype in _ATTRIBUTES:
            continue
        attributes = set()
        for after in nodes[at + 1 :]:
            if after.contype not in _ATTRIBUTES:
                break
            attributes.add(_ATTRIBUTES[after.contype])
        found.append(_constraint(node, column, attributes))
    return found


def _constraint(node: Any, column: str = "", attributes: set[str] = frozenset()) -> str:  # type: ignore[assignment]
    kind = _CONSTRAINTS[node.contype]
    keys = node.fk_attrs if kind == "foreign key" else node.keys
    columns = [each.string.sval for each in keys] or ([column] if column and kind != "check" else [])
    text = f"{kind} {node.conname}({','.join(columns)})"
    if kind == "exclude":
        text = f"{kind} {node.conname}"
    if kind == "foreign key":
        referred = ",".join(each.string.sval for each in node.pk_attrs)
        text += f"->{_relation(node.pktable)}({referred})"
        text += f" {_ACTIONS[node.fk_del_action]} {_ACTIONS[node.fk_upd_action]}"
    unenforced = "unenforced" in attributes or (not node.is_enforced and kind in ("check", "foreign key"))
    enforceable = kind in ("check", "foreign key")
    return text + "".join(
        _flags(
            invalid=node.skip_validation or (unenforced and enforceable),
            deferrable=node.deferrable or bool({"deferrable", "deferred"} & attributes),
            deferred=node.initdeferred or "deferred" in attributes,
            unenforced=unenforced,
            using=bool(node.indexname),
            noinherit=node.is_no_inherit,
            distinct=not node.nulls_not_distinct,
        )
    )


def _create(node: Any, *, foreign: bool = False) -> Iterator[Said]:
    columns: list[str] = []
    constraints: list[str] = []
    likes: list[str] = []
    for each in node.table_elts:
        field = each.WhichOneof("node")
        if field == "column_def":
            text, inline = _column(each.column_def)
            columns.append(text)
            constraints += inline
        elif field == "constraint":
            constraints.append(_constraint(each.constraint))
        else:
            likes.append(f"like {_relation(each.table_like_clause.relation)}")
    parents = [_relation(each.range_var) for each in node.inh_relations]
    flags = _flags(
        exists=node.if_not_exists,
        temporary=node.relation.relpersistence == "t",
        unlogged=node.relation.relpersistence == "u",
        partitioned=node.HasField("partspec"),
        partition=node.HasField("partbound"),
        foreign=foreign and not node.HasField("partbound"),
    )
    yield Said(
        "create table",
        _relation(node.relation),
        (*columns, *sorted(constraints), *likes, *parents, *flags),
    )


def _create_as(node: Any) -> Iterator[Said]:
    into = node.into
    if node.objtype == pb.OBJECT_MATVIEW:
        names = tuple(each.string.sval for each in into.col_names)
        flags = _flags(exists=node.if_not_exists, materialized=True)
        yield Said("create view", _relation(into.rel), (*names, *flags))
        return
    yield Said("create table", _relation(into.rel), _into(into.rel, node.if_not_exists))


def _into(node: Any, exists: bool) -> tuple[str, ...]:
    temporary, unlogged = node.relpersistence == "t", node.relpersistence == "u"
    return _flags(exists=exists, temporary=temporary, unlogged=unlogged, query=True)


def _select(node: Any) -> Iterator[Said]:
    if not node.HasField("into_clause"):
        yield from _rows("select")(node)
        return
    rel = node.into_clause.rel
    yield Said("create table", _relation(rel), _into(rel, False))


def _index(node: Any) -> Iterator[Said]:
    keys = [each.index_elem.name or "(...)" for each in node.index_params]
    yield Said(
        "create index",
        _relation(node.relation),
        (
            node.idxname,
            *keys,
            "include",
            *(each.index_elem.name for each in node.index_including_params),
            node.access_method or "btree",
            *_flags(
                unique=node.unique,
                concurrently=node.concurrent,
                exists=node.if_not_exists,
                where=node.HasField("where_clause"),
                only=not node.relation.inh,
                distinct=not node.nulls_not_distinct,
            ),
        ),
    )


def _view(node: Any) -> Iterator[Said]:
    names = tuple(each.string.sval for each in node.aliases)
    flags = _flags(replaces=node.replace, temporary=node.view.relpersistence == "t")
    yield Said("create view", _relation(node.view), (*names, *flags))


_DROPS = {
    pb.OBJECT_TABLE: "drop table",
    pb.OBJECT_FOREIGN_TABLE: "drop table",
    pb.OBJECT_VIEW: "drop view",
    pb.OBJECT_MATVIEW: "drop view materialized",
    pb.OBJECT_SEQUENCE: "drop sequence",
    pb.OBJECT_INDEX: "drop index",
    pb.OBJECT_TYPE: "drop type",
    pb.OBJECT_DOMAIN: "drop type",
}


def _drop(node: Any) -> Iterator[Said]:
    what = _DROPS.get(node.remove_type)
    if what is None:
        yield from _further_drop(node)
        return
    flags = _flags(exists=node.missing_ok, cascade=node.behavior == pb.DROP_CASCADE)
    flags += _flags(concurrently=node.concurrent)
    for each in node.objects:
        if what == "drop type":
            name = _dotted(each.type_name.names)
            yield Said(what, name, ("domain" if node.remove_type == pb.OBJECT_DOMAIN else "", *flags))
        else:
            yield Said(what, _dotted(each.list.items), flags)


_TABLES = {
    *(pb.OBJECT_TABLE, pb.OBJECT_INDEX, pb.OBJECT_VIEW, pb.OBJECT_MATVIEW, pb.OBJECT_FOREIGN_TABLE),
}


def _alter_table(node: Any) -> Iterator[Said]:
    if node.objtype == pb.OBJECT_TYPE:
        yield from _alter_composite(node)
        return
    if node.objtype == pb.OBJECT_SEQUENCE:
        (cmd,) = node.cmds
        owner = cmd.alter_table_cmd.subtype == pb.AT_ChangeOwner
        words = ("owner to",) if owner else ()
        yield Said("alter sequence", _relation(node.relation), (*words, *_flags(exists=node.missing_ok)))
        return
    if node.objtype not in _TABLES:
        raise Untold
    for each in node.cmds:
        yield _cmd(node, each.alter_table_cmd)


_CMDS = {
    pb.AT_ChangeOwner: "owner to",
    pb.AT_SetStatistics: "set statistics",
    pb.AT_SetOptions: "set",
    pb.AT_ResetOptions: "reset",
    pb.AT_SetStorage: "set storage",
    pb.AT_SetCompression: "set compression",
    pb.AT_ClusterOn: "cluster on",
    pb.AT_DropCluster: "set without cluster",
    pb.AT_SetLogged: "set logged",
    pb.AT_SetUnLogged: "set unlogged",
    pb.AT_DropOids: "set without oids",
    pb.AT_SetAccessMethod: "set access method",
    pb.AT_SetTableSpace: "set tablespace",
    pb.AT_SetRelOptions: "set",
    pb.AT_ResetRelOptions: "reset",
    pb.AT_EnableTrig: "enable trigger",
    pb.AT_EnableAlwaysTrig: "enable always trigger",
    pb.AT_EnableReplicaTrig: "enable replica trigger",
    pb.AT_DisableTrig: "disable trigger",
    pb.AT_EnableTrigAll: "enable trigger",
    pb.AT_DisableTrigAll: "disable trigger",
    pb.AT_EnableTrigUser: "enable trigger",
    pb.AT_DisableTrigUser: "disable trigger",
    pb.AT_EnableRule: "enable rule",
    pb.AT_EnableAlwaysRule: "enable always rule",
    pb.AT_EnableReplicaRule: "enable replica rule",
    pb.AT_DisableRule: "disable rule",
    pb.AT_AddInherit: "inherit",
    pb.AT_DropInherit: "no inherit",
    pb.AT_AddOf: "of",
    pb.AT_DropOf: "not of",
    pb.AT_ReplicaIdentity: "replica identity",
    pb.AT_EnableRowSecurity: "enable row level security",
    pb.AT_DisableRowSecurity: "disable row level security",
    pb.AT_ForceRowSecurity: "force row level security",
    pb.AT_NoForceRowSecurity: "no force row level security",
    pb.AT_GenericOptions: "options",
    pb.AT_AlterColumnGenericOptions: "options",
    pb.AT_AddIdentity: "add generated as identity",
    pb.AT_SetIdentity: "set generated",
    pb.AT_DropIdentity: "drop identity",
    pb.AT_SetExpression: "set expression",
    pb.AT_DropExpression: "drop expression",
    pb.AT_AlterConstraint: "alter constraint",
}


def _cmd(node: Any, cmd: Any) -> Said:
    target = _relation(node.relation)
    exists = _flags(exists=node.missing_ok or cmd.missing_ok)
    cascade = _flags(cascade=cmd.behavior == pb.DROP_CASCADE)
    what = cmd.subtype
    if what == pb.AT_AddColumn:
        text, inline = _column(getattr(cmd, "def").column_def)
        return Said("add column", target, (text, *sorted(inline), *exists))
    given = getattr(cmd, "def")
    if what == pb.AT_DropColumn:
        return Said("drop column", target, (cmd.name, *exists, *cascade))
    if what == pb.AT_DropConstraint:
        return Said("drop constraint", target, (cmd.name, *exists, *cascade))
    if what == pb.AT_AddConstraint:
        return Said("add constraint", target, (_constraint(given.constraint),))
    if what == pb.AT_ValidateConstraint:
        return Said("validate constraint", target, (cmd.name,))
    if what == pb.AT_AlterColumnType:
        column = given.column_def
        flags = _flags(using=column.HasField("raw_default"), collate=column.HasField("coll_clause"))
        return Said("alter column type", target, (cmd.name, _type(column.type_name), *flags))
    if what == pb.AT_ColumnDefault:
        return Said("set default" if given.WhichOneof("node") else "drop default", target, (cmd.name,))
    if what == pb.AT_SetNotNull:
        return Said("set not null", target, (cmd.name,))
    if what == pb.AT_DropNotNull:
        return Said("drop not null", target, (cmd.name,))
    if what in (pb.AT_AttachPartition, pb.AT_DetachPartition, pb.AT_DetachPartitionFinalize):
        partition = given.partition_cmd
        word = "attach partition" if what == pb.AT_AttachPartition else "detach partition"
        flags = _flags(concurrently=partition.concurrent, finalize=what == pb.AT_DetachPartitionFinalize)
        return Said(word, target, (_relation(partition.name), *flags))
    if what not in _CMDS:
        raise Untold
    return _plain_cmd(node, cmd, _CMDS[what], given)


_OF_VIEW = (pb.OBJECT_VIEW, pb.OBJECT_MATVIEW)


def _plain_cmd(node: Any, cmd: Any, words: str, given: Any) -> Said:
    target = _relation(node.relation)
    if words == "alter constraint":
        return Said(words, target, (given.atalter_constraint.conname,))
    if words in ("inherit", "no inherit"):
        return Said(words, target, (_relation(given.range_var),))
    if node.objtype == pb.OBJECT_INDEX:
        return Said(words, target)
    if node.objtype in _OF_VIEW and words == "cluster on":
        return Said("cluster", target)
    if words in ("set access method", "set tablespace", "owner to", "replica identity", "of", "not of"):
        return Said(words, target)
    if words == "set statistics" and not cmd.name:
        return Said(words, target, (str(cmd.num),))
    return Said(words, target, (cmd.name,) if cmd.name else ())


def _alter_composite(node: Any) -> Iterator[Said]:
    for each in node.cmds:
        cmd = each.alter_table_cmd
        given = getattr(cmd, "def").column_def
        exists = _flags(exists=cmd.missing_ok)
        name = _relation(node.relation)
        if cmd.subtype == pb.AT_AddColumn:
            yield Said("alter type", name, ("add attribute", _column(given)[0], *exists))
        elif cmd.subtype == pb.AT_DropColumn:
            yield Said("alter type", name, ("drop attribute", f"{cmd.name}:", *exists))
        elif cmd.subtype == pb.AT_AlterColumnType:
            collate = _flags(collate=given.HasField("coll_clause"))
            text = f"{cmd.name}:{_type(given.type_name)}{''.join(collate)}"
            yield Said("alter type", name, ("alter attribute", text, *exists))
        else:
            raise Untold


def _rename(node: Any) -> Iterator[Said]:
    kind = node.rename_type
    exists = _flags(exists=node.missing_ok)
    target = _relation(node.relation)
    moved = f"->{Relation(node.relation.schemaname, node.newname)}"
    if kind in (pb.OBJECT_TABLE, pb.OBJECT_VIEW, pb.OBJECT_MATVIEW, pb.OBJECT_FOREIGN_TABLE):
        yield Said("rename table", target, (moved, *exists))
    elif kind == pb.OBJECT_INDEX:
        yield Said("rename index", target, (moved, *exists))
    elif kind == pb.OBJECT_SEQUENCE:
        yield Said("alter sequence", target, ("rename to", moved, *exists))
    elif kind == pb.OBJECT_COLUMN:
        yield Said("rename column", target, (node.subname, node.newname, *exists))
    elif kind == pb.OBJECT_TABCONSTRAINT:
        yield Said("rename constraint", target, (node.subname, f"->{node.newname}", *exists))
    elif kind == pb.OBJECT_ATTRIBUTE:
        yield Said("alter type", target, ("rename attribute", f"{node.subname}:", f"->{node.newname}"))
    elif kind in (pb.OBJECT_TYPE, pb.OBJECT_DOMAIN):
        name = _dotted(node.object.list.items)
        schema, _, _ = name.rpartition(".")
        to = f"->{Relation(schema, node.newname)}"
        yield Said("alter type" if kind == pb.OBJECT_TYPE else "alter domain", name, ("rename to", to))
    elif kind == pb.OBJECT_DOMCONSTRAINT:
        name = _dotted(node.object.list.items)
        about = ("rename constraint", node.subname, f"->{node.newname}")
        yield Said("alter domain", name, about)
    elif kind == pb.OBJECT_SCHEMA:
        yield Said("rename schema", node.subname, (f"->{node.newname}",))
    else:
        raise Untold


def _schema(node: Any) -> Iterator[Said]:
    kind = node.object_type
    exists = _flags(exists=node.missing_ok)
    moved = f"->{Relation(node.newschema, node.relation.relname)}"
    if kind in (pb.OBJECT_TABLE, pb.OBJECT_VIEW, pb.OBJECT_MATVIEW, pb.OBJECT_FOREIGN_TABLE):
        yield Said("set schema", _relation(node.relation), (moved, *exists))
    elif kind == pb.OBJECT_SEQUENCE:
        yield Said("alter sequence", _relation(node.relation), ("set schema", moved, *exists))
    elif kind in (pb.OBJECT_TYPE, pb.OBJECT_DOMAIN):
        name = _dotted(node.object.list.items)
        to = f"->{Relation(node.newschema, name.rpartition('.')[2])}"
        yield Said("alter type" if kind == pb.OBJECT_TYPE else "alter domain", name, ("set schema", to))
    else:
        raise Untold


def _owner(node: Any) -> Iterator[Said]:
    words = {pb.OBJECT_TYPE: "alter type", pb.OBJECT_DOMAIN: "alter domain"}
    if node.object_type not in words:
        raise Untold
    yield Said(words[node.object_type], _dotted(node.object.list.items), ("owner to",))


def _composite(node: Any) -> Iterator[Said]:
    columns = tuple(_column(each.column_def)[0] for each in node.coldeflist)
    yield Said("create type", _relation(node.typevar), ("composite", *columns))


def _enum(node: Any) -> Iterator[Said]:
    labels = tuple(each.string.sval for each in node.vals)
    yield Said("create type", _dotted(node.type_name), ("enum", *labels))


def _define(node: Any) -> Iterator[Said]:
    if node.kind != pb.OBJECT_TYPE:
        raise Untold
    yield Said("create type", _dotted(node.defnames), ("base",))


def _alter_enum(node: Any) -> Iterator[Said]:
    if node.old_val:
        about: tuple[str, ...] = ("rename value", node.old_val, node.new_val)
    else:
        where = ("after" if node.new_val_is_after else "before") + f" {node.new_val_neighbor}"
        about = ("add value", node.new_val, *((where,) if node.new_val_neighbor else ()))
    exists = _flags(exists=node.skip_if_new_val_exists)
    yield Said("alter enum", _dotted(node.type_name), (*about, *exists))


def _domain(node: Any) -> Iterator[Said]:
    flags = {"default": False, "notnull": False}
    found = []
    for each in node.constraints:
        c = each.constraint
        if c.contype == pb.CONSTR_DEFAULT:
            flags["default"] = True
        elif c.contype == pb.CONSTR_NOTNULL:
            flags["notnull"] = True
            if c.conname:
                found.append(f"not null {c.conname}()+distinct")
        elif c.contype in _CONSTRAINTS:
            found.append(_constraint(c))
    yield Said(
        "create domain", _dotted(node.domainname), (_type(node.type_name), *sorted(found), *_flags(**flags))
    )


_DOMAIN_ACTIONS = {
    "T": "default",
    "N": "drop not null",
    "O": "set not null",
    "C": "add constraint",
    "X": "drop constraint",
    "V": "validate constraint",
}


def _alter_domain(node: Any) -> Iterator[Said]:
    subtype = getattr(node, "subtype", "")
    words = _DOMAIN_ACTIONS.get(subtype if isinstance(subtype, str) else chr(subtype), str(subtype))
    given = getattr(node, "def")
    if words == "default":
        words = "set default" if given.WhichOneof("node") else "drop default"
    name = given.constraint.conname if words == "add constraint" else node.name
    about = (words, name) if words.endswith("constraint") else (words,)
    yield Said("alter domain", _dotted(node.type_name), about)


def _sequence(node: Any) -> Iterator[Said]:
    words = sorted({_SEQUENCE.get(each.def_elem.defname, each.def_elem.defname) for each in node.options})
    exists = node.missing_ok if hasattr(node, "missing_ok") else node.if_not_exists
    what = "alter sequence" if hasattr(node, "missing_ok") else "create sequence"
    yield Said(what, _relation(node.sequence), (*words, "", *_flags(exists=exists)))


_SEQUENCE = {"owned_by": "owned by", "sequence_name": "sequence"}

_FURTHER_DROPS = {
    pb.OBJECT_SCHEMA: "drop schema",
    pb.OBJECT_EXTENSION: "drop extension",
    pb.OBJECT_FUNCTION: "drop function",
    pb.OBJECT_PROCEDURE: "drop function",
    pb.OBJECT_ROUTINE: "drop function",
    pb.OBJECT_AGGREGATE: "drop function",
    pb.OBJECT_TRIGGER: "drop trigger",
    pb.OBJECT_POLICY: "drop policy",
    pb.OBJECT_RULE: "drop rule",
}


def _further_drop(node: Any) -> Iterator[Said]:
    what = _FURTHER_DROPS.get(node.remove_type)
    if what is None:
        raise Untold
    flags = _flags(exists=node.missing_ok, cascade=node.behavior == pb.DROP_CASCADE)
    word = pb.ObjectType.Name(node.remove_type).removeprefix("OBJECT_").lower()
    for each in node.objects:
        if what in ("drop schema", "drop extension"):
            yield Said(what, each.string.sval, flags)
        elif what == "drop function":
            yield Said(what, _dotted(each.object_with_args.objname), (word, *flags))
        else:
            parts = [part.string.sval for part in each.list.items]
            table = str(Relation(parts[-3] if len(parts) > 2 else "", parts[-2]))
            yield Said(what, table, (parts[-1], *(flags if what == "drop trigger" else ())))


def _function(node: Any) -> Iterator[Said]:
    given = []
    definer = False
    for each in node.options:
        option = each.def_elem
        if option.defname == "set":
            given.append(f"set {option.arg.variable_set_stmt.name.lower()}")
        elif option.defname == "security":
            definer = option.arg.boolean.boolval
    words = "procedure" if node.is_procedure else "function"
    outs = [each.function_parameter.mode for each in node.parameters]
    count = sum(mode != pb.FUNC_PARAM_TABLE for mode in outs)
    flags = _flags(replaces=node.replace, definer=definer)
    yield Said("create function", _dotted(node.funcname), (words, str(count), *given, *flags))


def _trigger(node: Any) -> Iterator[Said]:
    flags = _flags(replaces=node.replace, constraint=node.isconstraint, when=node.HasField("when_clause"))
    others = (_relation(node.constrrel),) if node.HasField("constrrel") else ()
    about = (node.trigname, _dotted(node.funcname), *others, *flags)
    yield Said("create trigger", _relation(node.relation), about)


_MODES = (
    *("access share", "row share", "row exclusive", "share update exclusive", "share"),
    *("share row exclusive", "exclusive", "access exclusive"),
)


def _lock(node: Any) -> Iterator[Said]:
    only = any(not each.range_var.inh for each in node.relations)
    for each in node.relations:
        mode = _MODES[node.mode - 1]
        yield Said("lock table", _relation(each.range_var), (mode, *_flags(only=only)))


def _truncate(node: Any) -> Iterator[Said]:
    only = any(not each.range_var.inh for each in node.relations)
    flags = _flags(cascade=node.behavior == pb.DROP_CASCADE, only=only)
    words = "restart identity" if node.restart_seqs else ""
    for each in node.relations:
        yield Said("truncate", _relation(each.range_var), (words, *flags))


def _vacuum(node: Any) -> Iterator[Said]:
    what = "vacuum" if node.is_vacuumcmd else "analyze"
    for each in node.rels:
        yield Said(what, _relation(each.vacuum_relation.relation))
    if not node.rels:
        yield Said(what, "")


_REINDEXED = {
    pb.REINDEX_OBJECT_INDEX: "index",
    pb.REINDEX_OBJECT_TABLE: "table",
    pb.REINDEX_OBJECT_SCHEMA: "schema",
    pb.REINDEX_OBJECT_SYSTEM: "system",
    pb.REINDEX_OBJECT_DATABASE: "database",
}


def _reindex(node: Any) -> Iterator[Said]:
    word = _REINDEXED[node.kind]
    given = {each.def_elem.defname: each.def_elem for each in node.params}
    flags = _flags(concurrently="concurrently" in given)
    target = _relation(node.relation) if word == "table" else ""
    name = _relation(node.relation) if word == "index" else node.name
    yield Said("reindex", target, (word, name, *flags))


def _comment(node: Any) -> Iterator[Said]:
    if node.objtype == pb.OBJECT_TABLE:
        yield Said("comment on table", _dotted(node.object.list.items), (node.comment,))
    elif node.objtype == pb.OBJECT_COLUMN:
        parts = [each.string.sval for each in node.object.list.items]
        table = str(Relation(parts[-3] if len(parts) > 2 else "", parts[-2]))
        yield Said("comment on column", table, (parts[-1], node.comment))
    else:
        raise Untold


def _set(node: Any) -> Iterator[Said]:
    if node.kind in (pb.VAR_RESET, pb.VAR_RESET_ALL):
        yield Said("set", node.name or "all", ("reset",))
    elif node.kind in (pb.VAR_SET_VALUE, pb.VAR_SET_DEFAULT) and node.name not in _NO_SETTINGS:
        yield Said("set", node.name.lower(), ("", *_flags(local=node.is_local)))
    else:
        raise Untold


_NO_SETTINGS = ("role", "session_authorization", "xmloption")


def _transaction(node: Any) -> Iterator[Said]:
    names = {pb.TRANS_STMT_BEGIN: "begin", pb.TRANS_STMT_START: "begin"}
    names |= {pb.TRANS_STMT_COMMIT: "commit", pb.TRANS_STMT_ROLLBACK: "rollback"}
    if node.kind not in names:
        raise Untold
    yield Said(names[node.kind], "")


def _rows(what: str) -> Callable[[Any], Iterator[Said]]:
    """A statement on rows without WITH: what it writes, and the relations that it reads."""

    def reader(node: Any) -> Iterator[Said]:
        if "with_clause" in str(node):
            raise Untold
        target = _relation(node.relation) if what != "select" else ""
        reads = set(_range_vars(node)) - {target}
        yield Said(what, target, (*sorted(reads), *_locking(node)))

    return reader


def _locking(node: Any) -> tuple[str, ...]:
    forms = {
        pb.LCS_FORUPDATE: "for update",
        pb.LCS_FORNOKEYUPDATE: "for no key update",
        pb.LCS_FORSHARE: "for share",
        pb.LCS_FORKEYSHARE: "for key share",
    }
    for each in getattr(node, "locking_clause", ()):
        return (forms[each.locking_clause.strength],)
    return ()


def _range_vars(message: Any) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.message_type is None or field.name in ("locking_clause", "locked_rels"):
            continue
        for each in value if field.is_repeated else (value,):
            if each.DESCRIPTOR.name == "RangeVar":
                yield _relation(each)
            else:
                yield from _range_vars(each)


def _copy(node: Any) -> Iterator[Said]:
    if node.HasField("query"):
        yield Said("copy", "", tuple(sorted(set(_range_vars(node.query)))))
    elif node.is_from:
        yield Said("copy", _relation(node.relation))
    else:
        yield Said("copy", "", (_relation(node.relation),))


def _schema_made(node: Any) -> Iterator[Said]:
    if node.schema_elts:
        raise Untold
    name = node.schemaname or node.authrole.rolename
    yield Said("create schema", name, _flags(exists=node.if_not_exists))


def _extension(node: Any) -> Iterator[Said]:
    cascade = any(each.def_elem.defname == "cascade" for each in node.options)
    yield Said("create extension", node.extname, _flags(exists=node.if_not_exists, cascade=cascade))


def _refresh(node: Any) -> Iterator[Said]:
    flags = _flags(concurrently=node.concurrent, empty=node.skip_data)
    yield Said("refresh materialized view", _relation(node.relation), flags)


def _policy(what: str) -> Callable[[Any], Iterator[Said]]:
    return lambda node: iter([Said(what, _relation(node.table), (node.policy_name,))])


_READERS: dict[str, Callable[[Any], Iterator[Said]]] = {
    "create_schema_stmt": _schema_made,
    "create_extension_stmt": _extension,
    "create_function_stmt": _function,
    "create_trig_stmt": _trigger,
    "create_policy_stmt": _policy("create policy"),
    "alter_policy_stmt": _policy("alter policy"),
    "rule_stmt": lambda node: iter([Said("create rule", _relation(node.relation), (node.rulename,))]),
    "lock_stmt": _lock,
    "truncate_stmt": _truncate,
    "vacuum_stmt": _vacuum,
    "reindex_stmt": _reindex,
    "refresh_mat_view_stmt": _refresh,
    "cluster_stmt": lambda node: iter([Said("cluster", _relation(node.relation), (node.indexname,))]),
    "comment_stmt": _comment,
    "variable_set_stmt": _set,
    "transaction_stmt": _transaction,
    "insert_stmt": _rows("insert"),
    "update_stmt": _rows("update"),
    "delete_stmt": _rows("delete"),
    "merge_stmt": _rows("merge"),
    "copy_stmt": _copy,
    "create_stmt": _create,
    "create_foreign_table_stmt": lambda node: _create(node.base_stmt, foreign=True),
    "create_table_as_stmt": _create_as,
    "select_stmt": _select,
    "index_stmt": _index,
    "view_stmt": _view,
    "drop_stmt": _drop,
    "alter_table_stmt": _alter_table,
    "rename_stmt": _rename,
    "alter_object_schema_stmt": _schema,
    "alter_owner_stmt": _owner,
    "composite_type_stmt": _composite,
    "create_enum_stmt": _enum,
    "create_range_stmt": lambda node: iter([Said("create type", _dotted(node.type_name), ("range",))]),
    "define_stmt": _define,
    "alter_enum_stmt": _alter_enum,
    "alter_type_stmt": lambda node: iter([Said("alter type", _dotted(node.type_name), ("set",))]),
    "create_domain_stmt": _domain,
    "alter_domain_stmt": _alter_domain,
    "create_seq_stmt": _sequence,
    "alter_seq_stmt": _sequence,
}
