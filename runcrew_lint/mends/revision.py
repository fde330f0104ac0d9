"""A new revision from the project's own script.py.mako and file_template, as `alembic revision` makes one."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from textwrap import dedent

from runcrew_lint.digests import blake2b
from runcrew_lint.model.mend import NewFile, Plain
from runcrew_lint.patterns import lazily
from runcrew_lint.tuples import NamedTuple

# What Alembic's own `generic` template amounts to, for a project that keeps none.
_DEFAULT = '''"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision}
Create Date: ${create_date}
"""
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''
_EXPRESSION = lazily(r"\$\{\s*+(?P<said>[^}]*?)\s*+\}")
# What the template says only of a revision with imports or labels of its own, or of one that is the first.
_LEFT_OUT = lazily(r"%\s*if\s+(?:imports|branch_labels|depends_on|not\s+down_revision)\s*:")
_END = lazily(r"%\s*endif")
_CONTINUED = lazily(r"\\\r?\n")  # Mako leaves out both
_TIME = lazily(r"(?<=\d):(?=\d)")  # "12:30"; any other colon may be a drive's
_LONGEST_SLUG = 40  # Alembic's truncate_slug_length
_LONGEST_ID = 32  # characters of alembic_version.version_num


class Follow(NamedTuple):
    """Where a revision goes, as a check knows it.

    Arguments:
        head: the revision that it comes after.
        id: its own where the team numbers them: "0561", or "0561_{slug}" where the file is called so, too; ""
            for one as Alembic gives it.
        folder: where the revisions lie, "" for the root.
        template: the project's script.py.mako, "" for none.
        file_template: its alembic.ini's, "" for Alembic's own.
        today: its Create Date, "YYYY-MM-DD".
    """

    head: str
    id: str
    folder: str
    template: str
    file_template: str
    today: str


def follow_of(told: dict[str, Plain]) -> Follow:
    """What a request says of the revision that follows."""
    return Follow(*(str(told[name]) for name in Follow._fields))


def followed(
    follow: Follow,
    message: str,
    upgrade: Sequence[str],
    downgrade: Sequence[str],
    imports: Sequence[str] = (),
) -> NewFile | None:
    """The file of a new revision; None where the project's template can't be filled in without running it.

    Arguments:
        upgrade, downgrade: the lines of the two functions, indented by four spaces within; none for `pass`.
        imports: those that the template need not have, and that go where it has a place for them.
    """
    named = f"{follow.head}\n{message}\n" + "\n".join(upgrade)
    revision = _numbered(follow, message) or blake2b(named.encode(), digest_size=6).hexdigest()
    said = {
        "message": message,
        "up_revision": revision,
        "repr(up_revision)": repr(revision),
        "down_revision": follow.head,
        "down_revision | comma,n": follow.head,
        "repr(down_revision)": repr(follow.head),
        "repr(branch_labels)": "None",
        "repr(depends_on)": "None",
        "create_date": f"{follow.today} 00:00:00",
        "create_date.year": follow.today[:4],
    }
    text = _filled(follow.template or _DEFAULT, said, {"upgrades": upgrade, "downgrades": downgrade}, imports)
    name = _file_name(follow, revision, message)
    if text is None or not name or not _is_sound(text, revision, follow.head):
        return None
    return NewFile(f"{follow.folder}/{name}.py".lstrip("/"), text, revision, follow.head)


_PARENT = lazily(r"^(?:Revises:|down_revision\b).*$", re.MULTILINE)
_OWN = lazily(r"^(?:Revision ID:|revision\b).*$", re.MULTILINE)
_NUMBER = lazily(r"(\d{3,5})(?=_|\Z)")


def behind(new: NewFile, parent: str) -> NewFile | None:
    """A new revision as it follows another than the one it says; None where that can't be written.

    One of a row of numbers follows with the number behind that one's.
    """
    name = _behind_number(new, parent)
    text = _with_id(_PARENT, new.text, new.follows, parent)
    text = _with_id(_OWN, text, new.name, name)
    folder, _, file = new.path.rpartition("/")
    path = f"{folder}/{name}{file.removeprefix(new.name)}".lstrip("/") if name != new.name else new.path
    made = new._replace(path=path, text=text, name=name, follows=parent)
    return made if _is_sound(text, name, parent) else None


def _with_id(lines: re.Pattern[str], text: str, old: str, new: str) -> str:
    named = re.compile(rf"(?<![\w-]){re.escape(old)}(?![\w-])")
    return lines.sub(lambda line: named.sub(lambda _: new, line[0]), text)


def _behind_number(new: NewFile, parent: str) -> str:
    own, last, taken = (_NUMBER.match(each) for each in (new.name, new.follows, parent))
    if own is None or last is None or taken is None:
        return new.name
    number = int(taken[1]) + int(own[1]) - int(last[1])
    return f"{number:0{len(own[1])}}{new.name[own.end() :]}"


def _numbered(follow: Follow, message: str) -> str:
    """The id of a revision of a row of numbers, as long as alembic_version holds one."""
    number, slug, _ = follow.id.partition("{slug}")
    return number + _slug(message, _LONGEST_ID - len(number)) if slug else number


def _filled(
    template: str, said: dict[str, str], bodies: dict[str, Sequence[str]], imports: Sequence[str]
) -> str | None:
    """The template with its expressions replaced by what they stand for; None where one is not known."""
    lines: list[str] = []
    left_out = False
    for line in _CONTINUED.sub("", _without_code(template)).splitlines():
        if line.lstrip().startswith("##"):
            continue
        if left_out:
            left_out = not _END.fullmatch(line.strip())
            continue
        if _LEFT_OUT.fullmatch(line.strip()):
            left_out = True
            continue
        if re.match(r"\s*%(?!%)", line) or "<%" in line:
            return None
        body = _EXPRESSION.fullmatch(line.strip())
        name = _variable(body["said"]) if body else ""
        if name in bodies:
            indent = line[: len(line) - len(line.lstrip())]
            lines += [f"{indent}{each}" if each else "" for each in bodies[name] or ("pass",)]
            continue
        if name == "imports":
            lines += [each for each in imports if each not in template.splitlines()] or [""]
            continue
        if body and _nothing(body["said"], said):
            lines.append("")
            continue
        # What is not known is a NUL, with which no file reads as a revision.
        lines.append(_EXPRESSION.sub(lambda found: said.get(found["said"], "\0"), line))
    return re.sub(r"\n\n\n\n+", "\n\n\n", "\n".join(lines).rstrip() + "\n")


_CODE = lazily(r"^<%(?!!)(?P<code>[^%]*)%>[ \t]*$", re.MULTILINE)


def _without_code(template: str) -> str:
    """The template without the blocks of Python that only set names which nothing in it asks for."""

    def kept(block: re.Match[str]) -> str:
        try:
            module = ast.parse(dedent(block["code"]))
        except SyntaxError:
            return block[0]
        names = [target for each in module.body if isinstance(each, ast.Assign) for target in each.targets]
        calls = any(isinstance(each, (ast.Call, ast.Await, ast.NamedExpr)) for each in ast.walk(module))
        if calls or not all(isinstance(each, ast.Assign) for each in module.body):
            return block[0]
        rest = template[: block.start()] + template[block.end() :]
        unused = (isinstance(each, ast.Name) and not re.search(rf"\b{each.id}\b", rest) for each in names)
        return "" if all(unused) else block[0]

    return _CODE.sub(kept, template)


def _nothing(expression: str, said: dict[str, str]) -> bool:
    """Whether it is empty unless somebody hands a variable of that name to the template."""
    found = re.fullmatch(r".*\sif\s+(\w+)\s+else\s+(?:''|\"\")", expression, re.DOTALL)
    return found is not None and found[1] not in said


def _variable(expression: str) -> str:
    """The variable of `x`, `x if x else ...` and `x + ... if x else ...`."""
    found = re.fullmatch(r"(\w+)(?:\s*\+[^{}]*?)?(?:\s+if\s+(\w+)\s+else\s+.*)?", expression)
    return found[1] if found and found[2] in (None, found[1]) else ""


def _slug(message: str, longest: int) -> str:
    """The message's words, as many as there is room for."""
    slug = "_".join(re.findall(r"\w+", message.lower()))
    while len(slug) > longest and "_" in slug:
        slug = slug.rpartition("_")[0]
    return slug


def _file_name(follow: Follow, revision: str, message: str) -> str:
    if "{slug}" in follow.id:
        return revision
    slug = _slug(message, _LONGEST_SLUG)
    year, month, day = (int(part) for part in follow.today.split("-"))
    values = {"rev": revision, "slug": slug, "year": year, "month": month, "day": day}
    values |= {"hour": 0, "minute": 0, "second": 0}
    try:
        name = str((follow.file_template or "%(rev)s_%(slug)s") % values)
    except (ValueError, TypeError, KeyError):
        return ""
    plain = _TIME.sub("", name)
    return name if re.fullmatch(r"[\w.-]+(?:/[\w.-]+)*", plain) and ".." not in name else ""


def _is_sound(text: str, revision: str, head: str) -> bool:
    """Whether it reads as a revision that has its place, with Alembic's `op` at hand."""
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    names: set[str] = set()
    values: dict[str, object] = {}
    for each in module.body:
        if isinstance(each, ast.ImportFrom) and each.module == "alembic":
            names |= {alias.name for alias in each.names if alias.asname is None}
        elif isinstance(each, ast.FunctionDef) and each.name == "upgrade":
            names |= {arg.arg for arg in each.args.args}  # what env.py hands to it
        elif isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant):
            values |= {target.id: each.value.value for target in each.targets if isinstance(target, ast.Name)}
        elif isinstance(each, ast.AnnAssign) and isinstance(each.value, ast.Constant):
            if isinstance(each.target, ast.Name):
                values[each.target.id] = each.value.value
    return "op" in names and values.get("revision") == revision and values.get("down_revision") == head
