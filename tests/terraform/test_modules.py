"""Modules of Terraform: what a value comes to, and which folders count."""

from __future__ import annotations

import pytest

from runcrew_lint.documents.hcl import Kind
from runcrew_lint.domains.terraform.modules import Module, modules_of
from runcrew_lint.domains.terraform.read import read
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Source
from tests.consulting import Consulting


class _Worktree:
    is_git = False
    base = None
    paths: tuple[str, ...] = ()

    def is_tracked(self, path: str) -> bool:
        return True

    def ignored(self, paths: object) -> frozenset[str]:
        return frozenset()


def _modules(files: dict[str, str]) -> dict[str, Module]:
    facts = [read(Source(path, text), Consulting({})) for path, text in files.items()]
    repository = Repository(_Worktree(), Policy("test"), facts, ["terraform"])
    return {module.folder: module for module in repository.derive(modules_of)}


VARIABLES = """
variable "a" { default = 3 }
variable "b" {}
locals {
  c = var.a
  d = local.e
  e = local.d
}
resource "r" "one" {
  literal  = 5
  default  = var.a
  given    = var.b
  through  = local.c
  circle   = local.d
  asked    = var.a > 2 ? 1 : 0
}
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("literal", "5"),
        ("default", "3"),
        ("given", None),
        ("through", "3"),
        ("circle", None),
        ("asked", None),
    ],
)
def test_what_a_value_comes_to(name: str, expected: str | None) -> None:
    module = _modules({"infra/main.tf": VARIABLES})["infra"]
    found = module.said(module.resources[0].block, name)
    assert found is not None
    assert (found.text if found.kind is not Kind.EXPRESSION else None) == expected


def test_a_called_module_does_not_know_its_variables() -> None:
    caller = 'module "x" {\n  source = "./modules/x"\n}\n'
    modules = _modules({"infra/main.tf": caller, "infra/modules/x/main.tf": VARIABLES})
    module = modules["infra/modules/x"]
    found = module.said(module.resources[0].block, "default")
    assert module.called and found is not None and found.kind is Kind.EXPRESSION


def test_examples_tests_and_what_is_for_developers_are_left_out() -> None:
    folders = ("infra", "examples/a", "tests/b", "infra/dev", "production")
    assert set(_modules({f"{each}/main.tf": VARIABLES for each in folders})) == {"infra", "production"}


def test_who_refers_to_whom() -> None:
    text = 'resource "a" "x" {}\nresource "b" "y" {\n  k = [{ v = a.x.id }]\n}\n'
    text += 'resource "b" "z" {\n  k = a.xy.id\n}\n'
    module = _modules({"main.tf": text})[""]
    assert [each.name for each in module.refers(module.resources[0], "b")] == ["y"]
