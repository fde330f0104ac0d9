"""state-unprotected: Terraform's state lies on a laptop, unencrypted, or without a lock."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents.hcl import Block
from runcrew_lint.domains.terraform.modules import Module, is_off, is_true, modules_of
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a folder that terraform runs in: at its backend, or at its settings without one.

    A folder that others call, or that says no settings at all, is a module and has no state.
    """
    for module in repository.derive(modules_of):
        if module.called or not module.resources:
            continue
        settings = [
            (file, block) for file in module.files for block in file.blocks if block.kind == "terraform"
        ]
        backends = [
            (file, each)
            for file, block in settings
            for each in (*block.inner("backend"), *block.inner("cloud"))
        ]
        if not backends:
            if settings and any(
                module.folder.endswith(each) for each in ("terraform", "infra", "infrastructure")
            ):
                file, block = settings[0]
                yield Fault(
                    Place(file.path, block.head),
                    "no backend is named, so the state lies beside the files of whoever ran "
                    "terraform last, with every "
                    "secret in it, and the next one starts without it",
                )
            continue
        file, backend = backends[0]
        wrong = _wrong(module, backend)
        if wrong:
            yield Fault(Place(file.path, backend.head), wrong)


def _wrong(module: Module, backend: Block) -> str:
    if backend.labels[:1] == ("local",):
        return "the state lies beside the files of whoever ran terraform last, with every secret in it"
    if backend.labels[:1] != ("s3",):
        return ""
    lacks = []
    if is_off(module.said(backend, "encrypt"), default=True):
        lacks.append("`encrypt` is off, and the state holds every password in the clear")
    locked = backend.attribute("dynamodb_table") or is_true(module.said(backend, "use_lockfile"))
    if not locked:
        lacks.append("nothing locks it, so two runs at a time overwrite each other's state")
    return "; ".join(lacks)
