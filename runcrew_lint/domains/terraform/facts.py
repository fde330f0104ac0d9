"""A Terraform file as its blocks."""

from __future__ import annotations

from runcrew_lint.documents.hcl import Block
from runcrew_lint.frozen import frozen
from runcrew_lint.text import Span


@frozen
class TerraformFile:
    """One .tf file: its resources, data, variables, locals, module calls and settings."""

    path: str
    blocks: tuple[Block, ...]


@frozen
class CloudKit:
    """A project of the AWS CDK: `app` is the command that cdk.json runs, `language` what it is written in."""

    path: str
    app: str
    language: str
    span: Span
