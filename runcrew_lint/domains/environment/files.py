"""Which files are env files, and of which sort: by name, and by what the policy calls an example."""

from __future__ import annotations

from fnmatch import fnmatchcase

from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import EnvFiles

_ENV = lazily(r"\.env(?:\.[\w.-]+)?\Z")
# Sources, documents and REUSE's notes of a licence, whose names begin as an env file's do; and files that
# hold ciphertext alone.
_OTHER = lazily(
    r"\.(?:[cm]?[jt]sx?|py|md|ya?ml|json|toml|sh|txt|patch|diff|license|vault|enc|gpg|sops|age)\Z"
)
_DEVELOPMENT = lazily(r"\.(?:dev|devel|development|local|devcontainer)(?:\.|\Z)")
_DATA = lazily(r"(?:.*/)?(?:__)?(?:fixtures?|testdata|test[_-]data)(?:__)?/")


def name_of(path: str) -> str:
    """The file's name."""
    return path.rpartition("/")[2]


def folder_of(path: str) -> str:
    """The folder that holds it; the root is ""."""
    return path.rpartition("/")[0]


def beside(folder: str, name: str) -> str:
    """The path of a name in a folder."""
    return f"{folder}/{name}" if folder else name


def is_env_file(path: str) -> bool:
    """Whether the name is `.env` or `.env.<anything>`, and no source file or ciphertext."""
    name = name_of(path)
    return _ENV.match(name) is not None and _OTHER.search(name) is None


def is_example(path: str, files: EnvFiles) -> bool:
    """Whether the policy calls it an example."""
    return any(fnmatchcase(name_of(path), glob) for glob in files.examples)


def is_for_development(path: str) -> bool:
    """Whether its name says that it is a developer's: `.env.dev`, `.env.development`."""
    return _DEVELOPMENT.search(name_of(path)) is not None


def is_data(path: str) -> bool:
    """Whether it lies among a test's data, where a file is named what the test needs."""
    return _DATA.match(path) is not None


def above(folder: str) -> list[str]:
    """The folder and those that hold it, the root last."""
    parts = folder.split("/") if folder else []
    return ["/".join(parts[:length]) for length in range(len(parts), -1, -1)]
