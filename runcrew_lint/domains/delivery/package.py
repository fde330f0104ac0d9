"""package.json to a `Package`."""

from __future__ import annotations

from runcrew_lint.documents import json, shell
from runcrew_lint.documents.scalars import spliced
from runcrew_lint.documents.tree import Mapping, Scalar, at, text_at
from runcrew_lint.domains.delivery.facts import Package, PackageScript
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.mentions import mentions
from runcrew_lint.domains.shell_scripts import drawn_in
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

_TEMPLATE = lazily(r"\{\{|\{%|<%")


def read(source: Source, reading: Reading) -> Package | None:
    """The scripts of one package.json, or nothing where it has none.

    Errors:
        Unreadable where the file is no JSON.
    """
    try:
        root = source.derive(json.parse)
    except Unreadable:
        if _TEMPLATE.search(source.text):
            return None  # a generator's template: npm never reads it as it stands
        raise
    scripts = at(root, "scripts")
    if not isinstance(scripts, Mapping):
        return None
    found = tuple(
        _script(source, entry.key, entry.value)
        for entry in scripts.effective()
        if isinstance(entry.value, Scalar) and isinstance(entry.value.value, str)
    )
    directory = source.path.rpartition("/")[0]
    blocks = (each.statements for each in found if each.statements and each.mentions.script)
    expo = text_at(root, "dependencies", "expo") or text_at(root, "devDependencies", "expo") or ""
    scripts_of = drawn_in(blocks, (directory,), reading)
    return Package(source.path, text_at(root, "name") or "", found, scripts_of, expo)


def _script(source: Source, key: Scalar, script: Scalar) -> PackageScript:
    said = mentions(str(script.value))
    statements = shell.parse(spliced(source.text, script)) if said.leads_on else None
    return PackageScript(str(key.value), key.span, script.span, said, statements, text=str(script.value))
