"""bucket-public: a bucket that the internet can read, or that nothing keeps from becoming so."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.terraform.modules import Module, Resource, is_off, modules_of, texts_of
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_SWITCHES = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
_PUBLIC = ("public-read", "public-read-write", "website")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at each public ACL and each opened switch, and a note at the first bucket of a folder that has
    no switches: AWS sets them for every bucket that is made since April 2023, and anyone may unset them.

    Silent on those where the account as a whole has them.
    """
    modules = repository.derive(modules_of)
    guarded = any(True for module in modules for _ in module.of("aws_s3_account_public_access_block"))
    for module in modules:
        yield from _opened(module)
        bare = [
            bucket
            for bucket in module.of("aws_s3_bucket")
            if not any(True for _ in module.refers(bucket, "aws_s3_bucket_public_access_block"))
        ]
        if bare and not guarded:
            first, *others = bare
            more = f" and {len(others)} more" if others else ""
            yield Fault(
                first.place,
                f"no aws_s3_bucket_public_access_block names aws_s3_bucket.{first.name}{more}, so only AWS's "
                "default for new buckets keeps it shut, and nobody sees that change",
                related=tuple(Related(each.place, "nor this one") for each in others),
                severity=Severity.INFO,
            )


def _opened(module: Module) -> Iterator[Fault]:
    for resource in module.of("aws_s3_bucket", "aws_s3_bucket_acl"):
        acl = resource.block.attribute("acl")
        if acl and set(texts_of(module.value(acl.value))) & set(_PUBLIC):
            yield Fault(
                resource.at(acl), f"{resource.name} may be read by everyone, object by object and by its list"
            )
    for block in module.of("aws_s3_bucket_public_access_block"):
        attributes = [block.block.attribute(name) for name in _SWITCHES]
        off = [each for each in attributes if each and is_off(module.value(each.value), default=False)]
        missing = [name for name, each in zip(_SWITCHES, attributes, strict=True) if each is None]
        if off or missing:
            yield _half(block, missing, [each.name for each in off], off[0] if off else None)


def _half(block: Resource, missing: list[str], off: list[str], at: object) -> Fault:
    names = ", ".join((*off, *missing))
    place = block.at(next(each for each in block.block.attributes if each is at)) if at else block.place
    return Fault(
        place,
        f"{names} {'is' if len(off) + len(missing) == 1 else 'are'} off, so an ACL or a policy can "
        "open the bucket "
        "to everyone",
        related=(Related(block.place, "the block that should keep it shut"),),
        # Whose name says that everyone may read it is open on purpose.
        severity=Severity.INFO if "public" in block.name.lower().split("_") else Severity.WARNING,
    )
