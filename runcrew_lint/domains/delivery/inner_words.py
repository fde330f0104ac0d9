"""What an interpreter, an environment or a container runs: the words of the command inside."""

from __future__ import annotations

from runcrew_lint.domains.delivery.state import Argument

Words = tuple[Argument, ...]
# Options that take a value, of `uv run`, `docker run`, `docker compose run` and the like.
_VALUED = frozenset(
    (
        "--with", "--python", "-p", "--directory", "--group", "--extra", "--package", "--project",
        "-e", "--env", "--env-file", "-v", "--volume", "-w", "--workdir", "-u", "--user", "--name",
        "--network", "--entrypoint", "-n", "--namespace", "-c", "--container", "-a", "--app",
        "--source", "--rcfile", "-l", "--label", "--publish", "--mount", "--platform", "--index",
        "--from", "--net", "-h", "--hostname", "--add-host", "--memory", "-m",
    )
)  # fmt: skip

_ENVIRONMENTS = frozenset(
    (
        "poetry", "uv", "pipenv", "pdm", "rye", "hatch", "fvm", "bundle", "coverage", "conda", "heroku",
        "mise",
    )
)  # fmt: skip
_CONTAINERS = frozenset(("docker", "podman", "docker-compose", "kubectl"))
# Every program by whose words another one may be run, beside the pythons.
INTERPRETERS = _ENVIRONMENTS | _CONTAINERS | {"php", "uvx"}


def inner_words(name: str, words: Words) -> Words:
    """What an interpreter, an environment or a container runs; nothing where it does not show."""
    texts = [each.text or "" for each in words]
    if name.startswith("python"):
        if "-m" in texts[:3]:
            return words[texts.index("-m") + 1 :]
        at = next((at for at, text in enumerate(texts) if text.rpartition("/")[2] == "manage.py"), None)
        return words[at:] if at is not None else ()
    if name == "php" and "artisan" in texts[:2]:
        return words[texts.index("artisan") :]
    if name in _ENVIRONMENTS:
        if name == "fvm":
            return words
        verb = next((at for at, text in enumerate(texts[:6]) if text in ("run", "exec")), None)
        if verb is None:
            return ()
        behind = _behind_options(words[verb + 1 :])
        return behind[1:] if behind and behind[0].text == "-m" else behind
    if name == "uvx":
        return _behind_options(words)
    if name in _CONTAINERS:
        return _contained(words, texts)
    return ()


def _contained(words: Words, texts: list[str]) -> Words:
    """What runs inside of a container: behind `--`, or behind the container's name of `exec` and `run`."""
    verb = next((at for at, text in enumerate(texts) if text in ("exec", "run")), None)
    if verb is None or any(text in ("build", "push", "up", "pull") for text in texts[:verb]):
        return ()
    if "--" in texts[verb:]:
        return words[texts.index("--", verb) + 1 :]
    behind = _behind_options(words[verb + 1 :])
    return behind[1:]


def _behind_options(words: Words) -> Words:
    """The words behind options, of which those below take a value."""
    at = 0
    while at < len(words):
        text = words[at].text
        if text is None or not text.startswith("-") or text == "-m":
            return words[at + 1 :] if text == "--" else words[at:]
        at += 2 if text in _VALUED else 1
    return ()
