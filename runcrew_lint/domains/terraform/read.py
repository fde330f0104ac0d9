"""Reads .tf and .tf.json files, and what says that a project is one of the CDK."""

from __future__ import annotations

from runcrew_lint.documents import hcl, json
from runcrew_lint.documents.tree import at
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.terraform import json_syntax
from runcrew_lint.domains.terraform.facts import CloudKit, TerraformFile
from runcrew_lint.text import Source

_KINDS = frozenset({"resource", "data", "variable", "locals", "module", "terraform", "output", "provider"})


def read(source: Source, reading: Reading) -> TerraformFile:
    """The file's blocks.

    Errors:
        Unreadable where it is not HCL, or not JSON.
    """
    parse = json_syntax.parse if source.path.endswith(".json") else hcl.parse
    return TerraformFile(source.path, tuple(each for each in source.derive(parse) if each.kind in _KINDS))


def read_kit(source: Source, reading: Reading) -> CloudKit | None:
    """The project of a cdk.json, or None where it names no app.

    Errors:
        Unreadable where it is not JSON.
    """
    node = at(source.derive(json.parse), "app")
    app = str(getattr(node, "value", "") or "")
    if node is None or not app:
        return None
    language = "Python" if "python" in app or app.endswith(".py") else "TypeScript"
    return CloudKit(source.path, app, language, node.span)
