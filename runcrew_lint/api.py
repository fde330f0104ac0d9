"""What a package of rules may rest on: docs/your-own-rules.md tells how, and nothing else is promised."""

from runcrew_lint.catalogue.python_rule import File, PythonRule
from runcrew_lint.documents.tree import Mapping, Node, Scalar, Sequence, at, plain, text_at, walk
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.model.finding import Fault, Note, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span

__all__ = [
    "Fault",
    "File",
    "Mapping",
    "Node",
    "Note",
    "Place",
    "Policy",
    "PythonRule",
    "Related",
    "Repository",
    "Scalar",
    "Sequence",
    "Span",
    "Unreadable",
    "at",
    "plain",
    "text_at",
    "walk",
]
