"""What a command comes to in the end: a program, a script of package.json, a shell script.

Sources: the command line references of npm 10, Yarn 1 and 4, pnpm 9, Bun 1.
"""

from __future__ import annotations

from collections.abc import Sequence

from runcrew_lint.domains.delivery.inner_words import INTERPRETERS, inner_words
from runcrew_lint.domains.delivery.nx import TargetRun, target_run
from runcrew_lint.domains.delivery.state import Argument
from runcrew_lint.domains.lattice import Value, known
from runcrew_lint.domains.shell_scripts import script_name
from runcrew_lint.tuples import NamedTuple

Words = tuple[Argument, ...]


class Program(NamedTuple):
    """A program by its name, without version or folder, and its arguments."""

    name: str
    words: Words


class PackageRun(NamedTuple):
    """`npm run NAME`: a script of a package.json.

    `directory` is what --prefix, -C or --cwd says, None where nothing does; `workspace` a workspace's
    name. `certain` is false where the word may as well be a program (`yarn NAME`).
    """

    script: Argument
    words: Words
    directory: Argument | None
    workspace: str
    certain: bool
    manager: str


class ShellRun(NamedTuple):
    """A shell script of the repository, by its path as written."""

    path: str
    words: Words


class RecipeRun(NamedTuple):
    """`make TARGET` or `just RECIPE`.

    `directory` is what -C or -d says; `given` are the variables set on the command line.
    """

    tool: str
    names: tuple[Argument, ...]
    directory: Argument | None
    given: tuple[Argument, ...]


Launch = Program | PackageRun | ShellRun | RecipeRun | TargetRun

# Programs that run the rest of their line: name -> options of theirs that take a value.
_WRAPPERS: dict[str, tuple[str, ...]] = {
    "env": ("-u", "-C"),
    "exec": (),
    "command": (),
    "time": (),
    "nohup": (),
    "sudo": ("-u", "-g", "-h", "-p"),
    "sshpass": ("-p", "-f"),
    "retry": ("-t", "-d"),
    "caffeinate": (),
    "nice": ("-n",),
    "xvfb-run": (),
    "timeout": ("-s", "-k"),
    "cross-env": (),
    "cross-env-shell": (),
    "dotenv": ("-e", "-v", "-c", "-p"),
    "dotenvx": ("-f", "-fk"),
    "env-cmd": ("-f", "-e"),
    "doppler": ("-p", "--project", "-c", "--config", "-t", "--token"),
    "op": ("--env-file", "--account"),
    "infisical": ("--env", "--projectId", "--path"),
    "with-env": (),
}
# Every program by whose words another one is run.
RUNNING = frozenset(
    (
        *_WRAPPERS, *INTERPRETERS, "npx", "pnpx", "bunx", "npm", "yarn", "pnpm", "bun", "turbo", "lerna",
        "nx", "make", "gmake", "just", "sh", "bash", "dash", "zsh",
    )
)  # fmt: skip
_SUBCOMMANDS = frozenset(("run", "exec"))  # of wrappers: doppler run -- ...
_RUN = frozenset(("run", "run-script", "rum", "urn"))
_LIFECYCLE = frozenset(("test", "t", "tst", "start", "stop", "restart"))
_EXEC = frozenset(("exec", "x", "dlx"))
_FOLDER = frozenset(("--prefix", "-C", "--cwd", "--dir", "-D"))
_WORKSPACE = frozenset(("-w", "--workspace", "--filter", "-F"))
# Words after yarn, pnpm and bun that are commands of their own and no scripts.
_OWN = frozenset(
    (
        "add", "audit", "bin", "build-addon", "cache", "ci", "config", "constraints", "create",
        "dedupe", "deploy", "explain", "fetch", "global", "help", "i", "import", "info", "init",
        "install", "link", "list", "login", "logout", "ls", "node", "outdated", "pack", "patch",
        "pm", "policies", "prune", "publish", "rebuild", "remove", "rm", "root", "self-update",
        "set", "setup", "store", "unlink", "unplug", "up", "update", "upgrade", "version",
        "versions", "why", "workspaces",
    )
)  # fmt: skip
_SSH_VALUED = frozenset("BbcDEeFIiJLlmOoPpQRSWw")
MAX_WRAPPERS = 8


def launch(words: Words, depth: int = 0) -> Launch | None:
    """What a command line runs; None where its program is not known by name."""
    if not words or depth > MAX_WRAPPERS:
        return None
    name = _program_name(words[0].text)
    if name is None:
        return None
    rest = words[1:]
    if script := script_name(each.text for each in words):
        index = next(at for at, each in enumerate(words) if each.text == script)
        return ShellRun(script, words[index + 1 :])
    if name == "command" and rest and (rest[0].text or "")[:2] in ("-v", "-V"):
        return Program(name, ())  # it asks where a program is, and runs none
    if name in _WRAPPERS:
        return launch(_unwrapped(rest, _WRAPPERS[name]), depth + 1)
    if name in ("npx", "pnpx", "bunx"):
        return launch(_executed(rest), depth + 1)
    if name in ("npm", "yarn", "pnpm", "bun"):
        return _managed(name, rest, depth)
    if name in ("turbo", "lerna") and (run := _options("yarn", rest)).words:
        plain = run.words[1:] if run.words[0].text in _RUN else run.words
        workspace = next(
            (str(each.text).partition("=")[2] for each in rest if (each.text or "").startswith("--filter=")),
            "",
        )
        if plain:
            return PackageRun(plain[0], (), None, workspace or run.workspace or "*", True, name)
    if name == "nx" and (targets := target_run(rest)):
        return targets
    if name in ("make", "gmake", "just"):
        return _recipe("just" if name == "just" else "make", rest)
    inner = inner_words(name, rest)
    if inner:
        return launch(inner, depth + 1) or Program(name, rest)
    return Program(name, rest)


def ssh_destination(words: Words) -> Value | None:
    """Where `ssh [options] destination` goes; None where it is no ssh."""
    at = next(
        (at for at, each in enumerate(words[:5]) if (each.text or "").rpartition("/")[2] == "ssh"), None
    )
    if at is None:
        return None
    at += 1
    while at < len(words) and (words[at].text or "").startswith("-"):
        at += 2 if (words[at].text or "")[1:] in _SSH_VALUED else 1
    return words[at].value if at < len(words) else None


def _recipe(tool: str, words: Words) -> RecipeRun:
    directory: Argument | None = None
    names: list[Argument] = []
    given: list[Argument] = []
    skip = ""
    for each in words:
        text = each.text or ""
        if skip:
            directory = each if skip in ("-C", "--directory", "-d", "--working-directory") else directory
            skip = ""
        elif text.startswith("--directory="):
            directory = Argument(known(text.partition("=")[2]), each.place)
        elif text.startswith("-"):
            skip = (
                text
                if text in ("-C", "--directory", "-d", "--working-directory", "-f", "--file", "-j")
                else ""
            )
            skip = "" if text == "-j" else skip
        elif "=" in text:
            given.append(each)
        else:
            names.append(each)
    return RecipeRun(tool, tuple(names), directory, tuple(given))


def _program_name(text: str | None) -> str | None:
    """`./node_modules/.bin/eas` and `eas-cli@latest` by their plain names."""
    if not text:
        return None
    name = text.rpartition("/")[2]
    return name.partition("@")[0] or name


def _unwrapped(words: Words, valued: Sequence[str]) -> Words:
    """What a wrapper runs: what follows `--`, or its own options, assignments and subcommand."""
    for index, each in enumerate(words):
        if each.text == "--":
            return words[index + 1 :]
    index = 0
    while index < len(words):
        text = words[index].text
        if text is None:
            return ()
        if text in valued:
            index += 2
        elif text.startswith("-") or "=" in text or text in _SUBCOMMANDS or text[:1].isdigit():
            index += 1
        else:
            break
    return words[index:]


def _executed(words: Words) -> Words:
    """What npx runs: behind its options; `-p PACKAGE` takes a value."""
    index = 0
    while index < len(words):
        text = words[index].text or ""
        if text in ("-p", "--package"):
            index += 2
        elif text.startswith("-"):
            index += 1
        else:
            break
    return words[index:]


class _Options(NamedTuple):
    """A package manager's own options, and the words that are none."""

    directory: Argument | None
    workspace: str
    words: Words


def _managed(manager: str, words: Words, depth: int) -> Launch | None:
    texts = [each.text for each in words]
    end = texts.index("--") if manager == "npm" and "--" in texts else len(words)
    directory, workspace, plain = _options(manager, words[:end])
    if not plain:
        return None
    head, certain = plain[0], False
    if head.text in _EXEC:
        return launch(_executed(_behind(words, head)), depth + 1)
    if head.text in _RUN:
        plain, certain = plain[1:], True
    elif head.text in _LIFECYCLE and manager in ("npm", "pnpm"):
        name = "test" if head.text in ("t", "tst") else str(head.text)
        plain, certain = (Argument(known(name), head.place), *plain[1:]), True
    elif manager == "npm" or (head.text in _OWN and not (head.text == "deploy" and manager != "pnpm")):
        return Program(manager, words)
    if not plain:
        return None
    script = plain[0]
    passed = words[end + 1 :] if manager == "npm" else _behind(words, script)
    passed = tuple(each for index, each in enumerate(passed) if index or each.text != "--")
    return PackageRun(script, passed, directory, workspace, certain, manager)


def _options(manager: str, words: Words) -> _Options:
    """npm takes its options anywhere, the others before the script's name."""
    directory: Argument | None = None
    workspace = ""
    plain: list[Argument] = []
    index = 0
    while index < len(words):
        word, text = words[index], words[index].text
        following = words[index + 1] if index + 1 < len(words) else None
        option, has_value, value = (text or "").partition("=")
        is_run = bool(plain) and plain[0].text in _RUN
        if manager != "npm" and len(plain) > is_run:
            plain.append(word)
        elif option in _FOLDER:
            directory = Argument(known(value), word.place) if has_value else following
            index += not has_value
        elif option in _WORKSPACE or (option == "workspace" and manager == "yarn" and not plain):
            workspace = value if has_value else (following.text if following else None) or ""
            index += not has_value
        elif text is None or not text.startswith("-"):
            plain.append(word)
        index += 1
    return _Options(directory, workspace, tuple(plain))


def _behind(words: Words, word: Argument) -> Words:
    return words[words.index(word) + 1 :]
