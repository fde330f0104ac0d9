"""What the programs that the delivery map knows do, by their command lines.

Sources: the command line references of Alembic, Docker and Docker Compose, the AWS CLI 2, kubectl, Helm,
gcloud, flyctl, Firebase CLI, fastlane, Flutter, Terraform, PostgreSQL's pg_dump, Vercel, Netlify, Wrangler,
Railway, Heroku and Supabase.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from runcrew_lint.domains.delivery.calls import Action, Call, call
from runcrew_lint.domains.delivery.cloud import CLOUD, first_words
from runcrew_lint.domains.delivery.copies import rsync_calls, scp_calls, sftp_calls
from runcrew_lint.domains.delivery.docker_calls import docker_calls
from runcrew_lint.domains.delivery.eas_commands import NAMES as EAS_NAMES
from runcrew_lint.domains.delivery.eas_commands import eas_calls
from runcrew_lint.domains.delivery.launchers import RUNNING, Program, Words
from runcrew_lint.domains.lattice import known
from runcrew_lint.patterns import lazily

Calls = tuple[Call, ...]

# Programs that deliver nothing, whatever they are told.
_QUIET = frozenset(
    (
        "arch", "awk", "b2sum", "basename", "bc", "bunzip2", "bzip2", "cal", "cat", "chmod",
        "chown", "cksum", "cmp", "comm", "csplit", "cut", "cygpath", "date", "dd", "deactivate",
        "df", "diff", "dig", "dirname", "du", "echo", "expand", "expr", "file", "fmt", "fold",
        "free", "getent", "git", "grep", "groups", "head", "hexdump", "hostname", "iconv", "id",
        "join", "jq", "killall", "ldconfig", "ldd", "lipo", "ln", "locale", "ls", "lsb_release",
        "lscpu", "lsof", "lychee", "lz4", "mapfile", "md5sum", "mkdir", "mktemp", "mount",
        "netstat", "nl", "nproc", "nslookup", "numfmt", "od", "otool", "paste", "patch", "patchelf",
        "pg_isready", "pgrep", "ping", "pkill", "printenv", "printf", "ps", "pwd", "read",
        "readarray", "readelf", "readlink", "realpath", "redis-cli", "rev", "rmdir", "sed", "seq",
        "sha1sum", "sha256sum", "sha512sum", "shasum", "shift", "shopt", "shuf", "sleep", "sort",
        "split", "ss", "stat", "strip", "stty", "sw_vers", "sync", "sysctl", "tac", "tail", "tput",
        "tr", "truncate", "tty", "ulimit", "umask", "umount", "uname", "unexpand", "uniq", "unlink",
        "unxz", "uptime", "uuidgen", "vm_stat", "wait", "wc", "which", "whoami", "xxd", "xz", "yes",
        "yq", "zstd",
    )
)  # fmt: skip
# Programs that deliver nothing: a step of these alone is understood.
_HARMLESS = _QUIET | frozenset(
    (
        ".", ":", "[", "[[", "actionlint", "adb", "add-apt-repository", "Add-Content", "addgroup",
        "adduser", "apk", "apt", "apt-cache", "apt-get", "apt-mark", "astro", "base64", "bash",
        "break", "brew", "bun", "bundle", "cargo", "ccache", "cd", "clang", "cmake", "codecov",
        "command", "composer", "Compress-Archive", "conda", "continue", "Copy-Item", "corepack",
        "cp", "curl", "declare", "deno", "dnf", "docker-credential", "dotnet", "dpkg", "dpkg-deb",
        "dpkg-query", "env", "envsubst", "eval", "exit", "Expand-Archive", "export", "false",
        "find", "g++", "gcc", "gem", "Get-ChildItem", "Get-Content", "gh", "go", "gpg", "gradle",
        "gradlew", "groupadd", "gunzip", "gzip", "hadolint", "hash", "hugo", "install",
        "java", "just", "keytool", "kill", "lerna", "local", "locale-gen",
        "make", "markdownlint", "markdownlint-cli2", "meson", "mkdocs", "Move-Item", "mv", "mvn",
        "mvnw", "nc", "New-Item", "next", "ninja", "node", "npm", "npx", "nuxt", "nvm", "nx",
        "openssl", "Out-File", "pip", "pip3", "pipenv", "pipx", "pnpm", "pod", "pod-install",
        "poetry", "popd", "prisma", "pushd", "python", "python3", "Remove-Item", "return", "rm",
        "rpm", "rpmbuild", "rustc", "rustup", "sccache", "sdkmanager", "security", "sentry-cli",
        "sentry-expo-upload-sourcemaps", "set", "Set-Content", "sh", "shellcheck", "source",
        "ssh-add", "ssh-agent", "ssh-keygen", "ssh-keyscan", "sudo", "tar", "tee", "test", "touch",
        "trap", "true", "turbo", "type", "typechain", "unset", "unzip", "update-alternatives",
        "useradd", "usermod", "uv", "vite", "webpack", "wget", "Write-Host", "Write-Output",
        "xargs", "xcode-select", "xcrun", "yamllint", "yarn", "yum", "zip",
    )
)  # fmt: skip
# Of the harmless: what calls code of the repository, and may test by a subcommand; what may set off a deploy.
_RUNNERS = frozenset(
    (
        "bun", "bundle", "cargo", "composer", "deno", "dotnet", "go", "gradle", "gradlew", "lerna",
        "make", "mvn", "mvnw", "node", "npm", "nx", "php", "pnpm", "poetry", "python", "python3",
        "turbo", "uv", "xcrun", "yarn",
    )
)  # fmt: skip
_INTERPRETERS = frozenset(("bun", "deno", "node", "php", "python", "python3"))
_SCANNERS = frozenset(("snyk",))  # `snyk test` looks for known holes, and runs nothing of the program
_PLAIN = _INTERPRETERS - {"bun", "deno"}  # the first word is the script
_CALLERS = _RUNNERS | {"curl", "wget", "gh", "bash", "sh"}
_TESTS = frozenset(
    (
        "pytest", "py.test", "jest", "vitest", "mocha", "ava", "karma", "cypress", "playwright",
        "detox", "maestro", "phpunit", "rspec", "nosetests", "tox", "nox", "unittest", "bats",
        "ctest", "trial", "stestr", "gotestsum",
    )
)  # fmt: skip
_LINTS = frozenset(
    (
        "ruff", "eslint", "tsc", "mypy", "pyright", "flake8", "black", "biome", "prettier",
        "oxlint", "pylint", "vue-tsc", "expo-doctor", "golangci-lint", "rubocop", "stylelint",
        "basedpyright", "isort",
    )
)  # fmt: skip
# Programs with readers of their own below.
_ASKED = frozenset(
    ("docker", "podman", "docker-compose", "podman-compose", "systemctl", "service", "supervisorctl", "pm2",
     "cd", "exit", "return", "test", "[", "true", ":", "false", "source", ".", "ssh", "eval")
)  # fmt: skip
_ASKING = frozenset(("--version", "-V", "--help", "-h", "help", "version"))  # as the only word
_LISTING = frozenset(("--collect-only", "--co", "--listTests"))  # tests that are named and not run
_ALL = 10_000
_TESTED = lazily(r"(?:\A|[-_:./])(?:tests?|unittest|specs?|e2e)(?:\Z|[-_:./])", re.IGNORECASE)
_BACKED_UP = lazily(r"(?:\A|[-_:./])(?:backups?|snapshots?|db-?dump|dump-?db)(?:\Z|[-_:./])", re.IGNORECASE)
_DEPLOYED = lazily(r"(?:\A|[-_:./=]|\b)(?:deploy\w*|rollout|go-?live)(?:\Z|[-_:./?]|\b)", re.IGNORECASE)


_WORDS = frozenset(
    ("if", "then", "else", "elif", "fi", "for", "while", "do", "done", "case", "esac", "{", "}", "!")
)


def heard(name: str) -> int:
    """How many words of a program make a difference: of one that is not known a few, for its name's sake."""
    if name in _QUIET:
        return 0
    plain = name.rpartition("/")[2].partition("@")[0]
    known_one = any(
        plain in each for each in (RUNNING, _CALLERS, _ASKED, _TESTS, _LINTS, _PROGRAMS, CLOUD, EAS_NAMES)
    )
    return _ALL if known_one or plain.startswith("python") or plain.endswith((".sh", ".bash")) else 4


def strange_line(script: str) -> str:
    """The first line of a script, that nobody parsed, whose program is not known to deliver nothing."""
    for line in script.replace("\\\n", " ").splitlines():
        name = line.strip().partition(" ")[0]
        if (
            name
            and name not in _WORDS
            and not name.startswith("#")
            and name.rpartition("/")[2] not in _HARMLESS
            and "=" not in name
        ):
            return line.strip()
    return ""


def program_calls(program: Program, remote: bool = False) -> Calls | None:
    """What a program does; nothing for one that delivers nothing, None for one that is not known.

    Arguments:
        remote: whether it runs on another machine: `docker compose up` there is a deploy.
    """
    name, words = program
    if len(words) == 1 and words[0].text in _ASKING:
        return ()
    if name in EAS_NAMES:
        return eas_calls(words)
    if name in _TESTS:
        builds = name == "detox" and "test" not in first_words(words, 1)  # what it tests later
        lists = any(each.text in _LISTING for each in words)
        return () if builds or lists else (call(Action.TEST, name, words),)
    if name in _LINTS:
        return (call(Action.LINT, name, words),)
    if name == "ssh":
        return ()  # the script that it hands over is read by itself
    read = _PROGRAMS.get(name) or CLOUD.get(name)
    if read:
        calls = read(words)
        if not calls and any(_BACKED_UP.search(each) for each in first_words(words, 4)):
            return (call(Action.BACKUP, name, words),)
        return calls
    if name in ("docker", "podman", "docker-compose", "podman-compose"):
        return docker_calls(words, remote, name.endswith("-compose"))
    if name in ("systemctl", "service", "supervisorctl", "pm2"):
        acts = {"restart", "reload", "start", "reload-or-restart", "startOrReload", "startOrRestart"}
        if remote and acts & set(first_words(words, 3)):
            return (call(Action.DEPLOY, f"{name} restart", words, "backend"),)
        return ()
    if _BACKED_UP.search(name) or any(_BACKED_UP.search(each) for each in first_words(words, 3)):
        return (call(Action.BACKUP, name, words),)
    if name in _RUNNERS or name not in _HARMLESS:
        if _is_test(name, words):
            return (call(Action.LINT if name in _SCANNERS else Action.TEST, name, words),)
    if name in _HARMLESS:
        return None if name in _CALLERS and _says_deploy(name, words) else ()
    return None


def _is_test(name: str, words: Words) -> bool:
    """`go test`, `cargo test`, `./run-tests.sh`, `manage.py test`: whatever calls itself so.

    A file that a program of its own takes is what it works on, as in `kustomize build test/base`, and so is
    one behind an interpreter's script. What stands behind a long option of it may be its value.
    """
    if name in _INTERPRETERS and any(each.text in ("-e", "-c", "-p", "--eval") for each in words[:2]):
        return False  # of a program that is written there nobody knows what it does
    if name not in _RUNNERS:
        behind = (each for option, each in pairwise(words) if not (option.text or "").startswith("--"))
        words = (*words[:1], *behind)
    first = [each for each in first_words(words, 3)[:2] if each[:1] != "-"]
    files = 1 if name in _PLAIN else len(first) if name in _RUNNERS else 0
    return bool(_TESTED.search(name)) or any(
        _TESTED.search(each) for at, each in enumerate(first) if at < files or "/" not in each
    )


def _says_deploy(name: str, words: Words) -> bool:
    """Whether a word, known or not, says that it deploys: a hook's URL, a script's name."""
    if name in ("curl", "wget") and any(
        each.text in ("GET", "-XGET", "-I", "--head", "-o", "-O") for each in words
    ):
        return False
    return any(_DEPLOYED.search(each.text or each.value.reason) for each in words)


def _alembic(words: Words) -> Calls:
    if "upgrade" in first_words(words, 4) and not any(each.text == "--sql" for each in words):
        return (call(Action.MIGRATE, "alembic upgrade", words, "backend"),)
    return ()


def _django(words: Words) -> Calls | None:
    first = first_words(words, 2)
    if "migrate" in first[:1]:
        if any(each.text in ("--check", "--plan") for each in words):
            return ()  # what is not applied yet is told, and nothing applied
        return (call(Action.MIGRATE, "manage.py migrate", words, "backend"),)
    return (call(Action.TEST, "manage.py test", words),) if "test" in first[:1] else ()


def _two(action: Action, tool: str, part: str, *wanted: tuple[str, ...]) -> Callable[[Words], Calls | None]:
    """A program that does one thing by one of these subcommands."""

    def read(words: Words) -> Calls | None:
        first = tuple(first_words(words, 4))
        for each in wanted:
            if first[: len(each)] == each:
                return (call(action, f"{tool} {' '.join(each)}".strip(), words, part),)
        return ()

    return read


def _dump(words: Words) -> Calls:
    return (call(Action.BACKUP, "pg_dump", words, "backend"),)


def _flutter(words: Words) -> Calls:
    first = first_words(words, 2)
    head = first[0] if first else ""
    if head == "build":
        return (
            call(
                Action.PACKAGE,
                f"flutter build {first[1] if len(first) > 1 else ''}".strip(),
                words,
                "flutter",
            ),
        )
    if head in ("test", "drive"):
        return (call(Action.TEST, "flutter test", words, "flutter"),)
    if head == "analyze":
        return (call(Action.LINT, "flutter analyze", words, "flutter"),)
    return ()


def _melos(words: Words) -> Calls:
    said = " ".join(each.text or "" for each in words)
    found = [(Action.LINT, "flutter analyze")] if "analyze" in said else []
    found += [(Action.TEST, "flutter test")] if re.search(r"\btest\b", said) else []
    return tuple(call(action, tool, words, "flutter") for action, tool in found)


def _fastlane(words: Words) -> Calls:
    """A lane is known by its name alone: the Fastfile is Ruby."""
    from runcrew_lint.domains.delivery.names import tokens_of

    first = [
        each for each in first_words(words, 3) if ":" not in each and each not in ("run", "android", "ios")
    ]
    said = {token for each in first for token in tokens_of(each)}
    if {
        "pilot",
        "deliver",
        "supply",
        "release",
        "production",
        "prod",
        "store",
        "playstore",
        "appstore",
    } & said:
        return (call(Action.STORE, f"fastlane {' '.join(first)}", words, "app", known(" ".join(first))),)
    if {"beta", "distribute", "firebase", "internal", "staging", "alpha", "testflight", "adhoc"} & said:
        return (call(Action.DISTRIBUTE, f"fastlane {' '.join(first)}", words, "app", known(" ".join(first))),)
    if {"test", "tests", "scan"} & said:
        return (call(Action.TEST, "fastlane", words, "app"),)
    if {"deploy", "upload", "publish", "ship"} & said or not first:
        return (call(Action.UNKNOWN, f"fastlane {' '.join(first)}".strip(), words, "app"),)
    return ()


def _expo(words: Words) -> Calls:
    head = (first_words(words, 1) or [""])[0]
    if head == "publish":
        return (call(Action.UPDATE, "expo publish", words, "app"),)
    if head == "lint":
        return (call(Action.LINT, "expo lint", words, "app"),)
    return (call(Action.PACKAGE, "expo export", words, "web"),) if head.startswith("export") else ()


def _flask(words: Words) -> Calls:
    if first_words(words, 2)[:2] == ["db", "upgrade"]:
        return (call(Action.MIGRATE, "flask db upgrade", words, "backend"),)
    return ()


_PROGRAMS: dict[str, Callable[[Words], Calls | None]] = {
    "alembic": _alembic,
    "ansible-playbook": lambda words: (call(Action.UNKNOWN, "ansible-playbook", words),),
    "dart": _flutter,
    "expo": _expo,
    "expo-cli": _expo,
    "fastlane": _fastlane,
    "flask": _flask,
    "flutter": _flutter,
    "fvm": lambda words: _flutter(words[1:]),
    "manage.py": _django,
    "melos": _melos,
    "mysqldump": _dump,
    "pg_dump": _dump,
    "pg_dumpall": _dump,
    "pg_basebackup": _dump,
    "prisma": _two(Action.MIGRATE, "prisma", "backend", ("migrate", "deploy"), ("db", "push")),
    "knex": _two(Action.MIGRATE, "knex", "backend", ("migrate:latest",), ("migrate:up",)),
    "drizzle-kit": _two(Action.MIGRATE, "drizzle-kit", "backend", ("migrate",), ("push",)),
    "sequelize": _two(Action.MIGRATE, "sequelize", "backend", ("db:migrate",)),
    "typeorm": _two(Action.MIGRATE, "typeorm", "backend", ("migration:run",)),
    "goose": _two(Action.MIGRATE, "goose", "backend", ("up",)),
    "dbmate": _two(Action.MIGRATE, "dbmate", "backend", ("up",), ("migrate",)),
    "rails": _two(Action.MIGRATE, "rails", "backend", ("db:migrate",)),
    "rake": _two(Action.MIGRATE, "rake", "backend", ("db:migrate",)),
    "artisan": _two(Action.MIGRATE, "artisan", "backend", ("migrate",)),
    "rsync": rsync_calls,
    "scp": scp_calls,
    "sftp": sftp_calls,
    "twine": lambda words: (call(Action.PUBLISH, "twine upload", words),),
    "gh-pages": lambda words: (call(Action.PUBLISH, "GitHub Pages", words),),
    "surge": lambda words: (call(Action.PUBLISH, "surge", words),),
}
