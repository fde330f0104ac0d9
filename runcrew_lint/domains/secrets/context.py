"""Where a file, or a part of it, is used: production, development, tests, documentation, an example."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatch, translate
from functools import lru_cache

from runcrew_lint.domains.secrets.facts import Context
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Contexts
from runcrew_lint.tuples import NamedTuple


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PRODUCTION = _set("prod production staging stage stg prd")
_PLACES = _set(
    "deploy deployment deployments helm charts k8s kubernetes infra infrastructure terraform ansible"
)
_CHECKS = _set("validation validate lint verify")  # what such a file does to a chart is no rollout of it
_BESIDE = _set("infra infrastructure")
_DEVELOPMENT = _set(
    "dev devel develop development local override devcontainer debug sandbox vagrant localhost"
)
_DEVELOPMENT_SOURCE = _set("dev devel development local")
_DEVELOPMENT_FIRST = _set("dev devel development")  # `local` begins the names of what is no less production's
_TEST = _set(
    "test tests testing spec specs e2e fixture fixtures testdata mock mocks conftest stories storybook "
    "cypress playwright snapshots functests unittest testcases testutil testutils testsuite suites ci "
    "cassettes benchmarks stub stubs regtest dredd e2etest e2etests"
)
_MADE_UP = _TEST | _set("dummy fake example sample invalid expired expected wrong")
_AT_HOME = _set("development dev local localhost test tests testing")
_LIVE = _set("prod production staging live")
_FAKE = _set("fake fakes dummy mock mocks mocked")
_DOCS = _set("doc docs documentation readme changelog howto")
_EXAMPLE = _set("example examples sample samples demo demos dist tutorial")
_TEMPLATE = _set("template tmpl tpl skeleton")

_PROSE = (".md", ".mdx", ".rst", ".adoc", ".org")
_CODE = _set(
    "py pyi ipynb js mjs cjs jsx ts mts cts tsx vue svelte java kt swift m mm dart go rb php rs cs scala c "
    "cc cpp h hpp ex exs clj lua pl r groovy"
)
_TRANSLATED = lazily(
    r"(?:.*/)?(?:locales?|i18n|l10n|langs?|languages|translations?|intl|messages)/"
    r"|.*\.(?:po|pot|arb|strings|xlf|xliff|resx)\Z"
    r"|(?:.*/)?(?:messages|strings|translation)[\w.-]*\.(?:json|ya?ml|properties|xml)\Z"
    r"|(?:.*/)?[a-z]{2}(?:[-_][A-Za-z]{2,4})?\.(?:json|ya?ml)\Z"
)
_GENERATED = lazily(
    r"(?:.*/)?(?:[\w.-]*[.-]lock(?:\.json|\.ya?ml|file)?|[\w.-]+\.lockb?|npm-shrinkwrap\.json|go\.sum"
    r"|\.terraform\.lock\.hcl|[\w.-]+\.(?:min\.js|min\.css|map|svg|snap|ambr|pbxproj))\Z"
)
_KEY_FILE = lazily(
    r".*\.(?:pem|key|crt|cert|p8|pk8|asc|gpg|sec|priv)\Z|(?:.*/)?id_(?:rsa|dsa|ecdsa|ed25519)\Z"
    r"|.*/(?:certs?|keys|ssl|tls|pki)/"
)
_OWN_KEY = lazily(r"(?:\A|[._-])(?:localhost|127\.0\.0\.1|snakeoil|self-?signed)(?:[._-]|\Z)", re.IGNORECASE)
_DATA_FOLDER = lazily(
    r"(?:.*/)?(?:__)?(?:fixtures?|cassettes|snapshots|test[_-]?(?:data|resources|files|assets))(?:__)?/"
    r"|(?:.*/)?(?:tests?|specs?)/(?:.*/)?(?:data|resources|files|assets)/"
)
_WORD = lazily(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
_PART = lazily(r"[A-Za-z0-9]+")


_NOTHING_SAID = Contexts()


class Setting(NamedTuple):
    """A context.

    `deployed` says that the value is configuration of a running system, not source; `given` that a process
    is handed it under this very name; `assumed` that nothing told the context, so that the document itself
    may.
    """

    context: Context
    deployed: bool = False
    assumed: bool = False
    given: bool = False


def setting_of(path: str, examples: Iterable[str] = (), said: Contexts = _NOTHING_SAID) -> Setting:
    """What a path alone tells. `examples` are globs of example files' names, `said` the policy's own word.

    A test, a document and an example stay what they are under a production name; of production and
    development in one path, production wins.
    """
    for word in Context if said is not _NOTHING_SAID else ():
        if any(fnmatch(path, glob) or fnmatch(path, f"*/{glob}") for glob in getattr(said, word.value)):
            return Setting(word, deployed=word is Context.PRODUCTION and not is_code(path))
    folder, _, file = path.rpartition("/")
    name = _words(file)
    near = name | _words_above(folder)
    code = file.rpartition(".")[2].lower() in _CODE
    if near & _EXAMPLE or (not code and name & _TEMPLATE) or _any_of(tuple(examples)).match(file):
        return Setting(Context.EXAMPLE)
    if near & _TEST:
        return Setting(Context.TEST)
    if file.lower().endswith(_PROSE) or near & _DOCS:
        return Setting(Context.DOCS)
    if code:
        # Of source, only a file that is itself the development settings is not what production runs.
        stem = _WORD.findall(file.rpartition(".")[0])
        ends = bool(stem) and stem[-1].lower() in _DEVELOPMENT_SOURCE
        begins = bool(stem) and stem[0].lower() in _DEVELOPMENT_FIRST
        own = (ends or begins) and not name & _PRODUCTION
        return Setting(Context.DEVELOPMENT if own else Context.PRODUCTION)
    if near & _PRODUCTION:
        return Setting(Context.PRODUCTION, deployed=True)
    if near & _DEVELOPMENT:
        return Setting(Context.DEVELOPMENT)
    # What docker-compose.infra.yml starts stands beside the application, wherever that runs.
    places = near - (name & _BESIDE) if "compose" in name else near
    if (places & _PLACES and not name & _CHECKS) or "dockerfile" in name or "containerfile" in name:
        return Setting(Context.PRODUCTION, deployed=True)
    return Setting(Context.DEVELOPMENT, assumed=True)


def refined(setting: Setting, keys: Iterable[str]) -> Setting:
    """The setting of a part of a document, by the keys or classes that lead to it."""
    if setting.context in (Context.DOCS, Context.EXAMPLE):
        return setting
    words: set[str] = set()
    for key in keys:
        words |= _words(key)
    if words & _EXAMPLE:
        return Setting(Context.EXAMPLE)
    if words & _PRODUCTION:
        moved = setting.context is Context.DEVELOPMENT
        return Setting(Context.PRODUCTION, deployed=True) if moved else setting
    if words & _TEST:
        return Setting(Context.TEST)
    if words & _DEVELOPMENT and not setting.deployed:
        return Setting(Context.DEVELOPMENT)
    return setting


def is_made_up(name: str) -> bool:
    """Whether a name says that its value was made up: `fakeToken`, `EXPIRED_TOKEN`."""
    return not _MADE_UP.isdisjoint(_words(name))


def is_developers(name: str) -> bool:
    """Whether a name says that its value is for developers or tests alone: `DEVELOPMENT_DATABASE_URL`."""
    words = _words(name)
    return not _AT_HOME.isdisjoint(words) and _LIVE.isdisjoint(words)


def is_made_up_file(path: str) -> bool:
    """Whether the file's name says that what it holds was made up: `fake_api_keys.json`."""
    return not _FAKE.isdisjoint(_words(path.rpartition("/")[2]))


def is_code(path: str) -> bool:
    """Whether the file is source, and no configuration."""
    return path.rpartition(".")[2].lower() in _CODE


def is_translation(path: str) -> bool:
    """Whether the file holds words for people, in which `password` is a label."""
    return _TRANSLATED.match(path) is not None


def is_generated(path: str) -> bool:
    """Whether a tool writes the file, such as a lock file, with digests where others have secrets."""
    return _GENERATED.match(path) is not None


def is_key_of_tests(path: str) -> bool:
    """Whether it is a key or certificate file, which a test has for itself."""
    return _KEY_FILE.match(path) is not None or is_test_data(path)


def is_key_of_this_machine(path: str) -> bool:
    """Whether it is the key of a certificate for localhost, or of one that nobody else has signed."""
    return _KEY_FILE.match(path) is not None and _OWN_KEY.search(path.rpartition("/")[2]) is not None


def is_test_data(path: str) -> bool:
    """Whether it lies in a folder of recorded or made-up data."""
    return _DATA_FOLDER.match(path) is not None


@lru_cache(maxsize=64)
def _any_of(globs: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(translate, globs)) or r"(?!)")


@lru_cache(maxsize=8192)
def _words_above(folder: str) -> frozenset[str]:
    return frozenset().union(*map(_words, folder.split("/")))


@lru_cache(maxsize=8192)
def _words(name: str) -> frozenset[str]:
    return frozenset(word.lower() for word in (*_WORD.findall(name), *_PART.findall(name)))
