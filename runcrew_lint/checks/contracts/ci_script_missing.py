"""ci-script-missing: a workflow runs a script, a target or a folder of tests that the repository lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, join

from runcrew_lint.checks.contracts._dockerfiles import missing_dockerfiles
from runcrew_lint.checks.contracts._looked_for import is_guarded
from runcrew_lint.domains.contracts.commands import CiCommand, ci_commands_of, is_brought
from runcrew_lint.domains.contracts.tree import Tree, tree_of, under
from runcrew_lint.domains.delivery.facts import Package, Recipes
from runcrew_lint.domains.delivery.inner_words import inner_words
from runcrew_lint.domains.delivery.launchers import PackageRun, Program, RecipeRun, launch
from runcrew_lint.domains.delivery.scripts import recipes_at
from runcrew_lint.domains.review.facts import covers
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.nearest import nearest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span

_EVERYWHERE = frozenset(("-r", "--recursive", "-ws", "--workspaces", "--if-present", "--workspace-root"))
_SCRIPT = lazily(r"(?:\./)?[\w./-]+\.(?:sh|bash|py)\Z")
_WRAPPER = lazily(r"\./(?:[\w./-]+/)?(?:gradlew|mvnw)\Z")
_ENVIRONMENTS = frozenset(("uv", "poetry", "pipenv", "pdm", "rye", "hatch"))
# Names that scripts have and programs have not.
_SCRIPTS = frozenset(("build", "lint", "typecheck", "type-check", "format", "test", "coverage", "e2e"))
_SHELLS = frozenset(("bash", "sh", "zsh", "source", "."))
_PYTHON = lazily(r"python(?:3(?:\.\d+)?)?\Z")
# pytest's options that take the next word.
_VALUED = frozenset(("-k", "-m", "-n", "-p", "-c", "-o", "-W", "-r", "--co"))
_ELSEWHERE = frozenset(("docker", "podman", "docker-compose", "kubectl", "ssh", "vagrant", "lxc", "nix"))
_MAKES_FILES = lazily(
    r"\b(?:curl|wget|git\s+clone|cp|mv|tar|unzip|tee|cat|echo|printf|gh|aws|gsutil|touch|ln)\b"
)
# What writes the folders of an app's two platforms anew, with the wrappers in them.
_MAKES_PLATFORMS = lazily(r"\bprebuild\b|\bcap\s+(?:add|sync)\b|\bcordova\s+platform\b|\bflutter\s+create\b")
_PLATFORM = lazily(r"(?:.*/)?(?:android|ios)/")
# A Makefile, and what writes one.
_MAKES_MAKEFILES = lazily(
    r"(?i:makefile)|\b(?:git|gh pr) (?:checkout|switch|pull)\b|configure|autogen|autoreconf|bootstrap|cmake"
    r"|meson|qmake|premake|\.pro\Z|\.mk\Z|extconf|phpize"
)
_FETCHING = lazily(r"download-artifact|cache/restore|/restore\b", re.IGNORECASE)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a command; where a folder or a name is known only when it runs, nothing is said."""
    tree = tree_of(tuple(repository.worktree.paths))
    packages = {each.directory: each for each in repository.facts(Package)}
    recipes = {(each.tool, each.directory): each for each in repository.facts(Recipes)}
    seen: set[Place] = set()
    for each in repository.derive(ci_commands_of):
        if each.folder is None or each.folder not in tree.folders or each.command.forgiven:
            continue
        fault = _judged(each, each.folder, tree, packages, recipes)
        if fault and fault.place not in seen and not _is_left_out(each, policy) and not is_guarded(each):
            seen.add(fault.place)
            yield fault
    for fault in missing_dockerfiles(repository, tree):
        if fault.place not in seen:
            seen.add(fault.place)
            yield fault


def _is_left_out(each: CiCommand, policy: Policy) -> bool:
    """Whether a word names a file that the policy leaves out, which is then not known to be missing."""
    words = [under(each.folder or "", text) for text in each.texts if text and "/" in text]
    return any(word and covers(f"/{one.glob}", word) for word in words for one in policy.exclude)


def _judged(
    each: CiCommand,
    folder: str,
    tree: Tree,
    packages: dict[str, Package],
    recipes: dict[tuple[str, str], Recipes],
) -> Fault | None:
    if _ELSEWHERE & set(each.texts[:3]):
        return None  # what runs there sees other folders
    run = launch(each.command.words)
    if isinstance(run, PackageRun):
        return _package(each, run, folder, tree, packages)
    if isinstance(run, RecipeRun):
        return _recipe(each, run, folder, recipes, tree)
    path = _script(_inside(each))
    if path:
        return _file(each, path, folder, tree)
    if isinstance(run, Program):
        if run.name in ("pytest", "py.test"):
            return _tests(each, [word.text for word in run.words], folder, tree)
        at = next((at for at, word in enumerate(each.texts) if word and _PYTHON.match(word)), -1)
        if at >= 0 and each.texts[at + 1 : at + 2] == ("-m",) and len(each.texts) > at + 2:
            return _module(each, each.texts[at + 2] or "", folder, tree)
    return None


def _is_script(run: PackageRun, name: str, folder: str, tree: Tree) -> bool:
    """Whether nothing but a script is meant: yarn, bun and a bare pnpm run programs by the same word, which
    have no colon in their names, and bun files, too.
    """
    if run.manager == "npm" or (run.manager == "pnpm" and run.certain):
        return True
    if name in _SCRIPTS and (run.certain or run.manager != "bun"):
        path = join(folder, name)
        return not any(each.startswith((f"{path}.", f"{path}/")) for each in tree.files)
    return run.certain and run.manager in ("yarn", "bun") and ":" in name


def _package(
    each: CiCommand, run: PackageRun, folder: str, tree: Tree, packages: dict[str, Package]
) -> Fault | None:
    name = run.script.text
    if name is None or "${{" in name or not _is_script(run, name, folder, tree):
        return None
    if run.workspace or _EVERYWHERE & set(each.texts) or name in ("start", "stop", "restart"):
        return None
    if run.directory:
        said = under(folder, run.directory.text) if run.directory.text else None
        if said is None or said not in tree.folders:
            return None
        folder = said
    while folder not in packages and folder:
        if join(folder, "package.json") in tree.files:
            return None  # one that did not read, or has no scripts that matter
        folder = dirname(folder)
    package = packages.get(folder)
    if package is None or package.script(name) or any(pattern.search(name) for pattern in (_GLOB,)):
        return None
    names = [one.name for one in package.scripts]
    first = package.scripts[0].name_span if package.scripts else Span(0, 0)
    return _fault(each, f"{package.path} has no script `{name}`", Place(package.path, first), name, names)


_GLOB = lazily(r"[*?/{}$]")


def _recipe(
    each: CiCommand, run: RecipeRun, folder: str, recipes: dict[tuple[str, str], Recipes], tree: Tree
) -> Fault | None:
    if any(word in ("-f", "--file", "--justfile") or (word or "").startswith("-f") for word in each.texts):
        return None
    if run.directory:
        said = under(folder, run.directory.text) if run.directory.text else None
        if said is None:
            return None
        folder = said
    file = recipes_at(recipes, run.tool, folder)
    if file is None and run.tool == "make" and _has_no_makefile(each, folder, tree):
        return Fault(
            each.place,
            f"the job `{each.job.id}` runs `{_said(each)}`, and there is no Makefile in "
            f"{folder or 'the root'}: the step fails",
            help="commit the Makefile, or run what it was to run",
        )
    if file is None or file.is_open or not file.recipes:
        return None
    for word in run.names if run.tool == "make" else run.names[:1]:
        name = word.text
        if name is None or _GLOB.search(name) or file.recipe(name) or not re.match(r"[\w-]+\Z", name):
            continue
        names = [one.name for one in file.recipes if not one.name.startswith(".")]
        what = "target" if run.tool == "make" else "recipe"
        return _fault(
            each, f"{file.path} has no {what} `{name}`", Place(file.path, file.recipes[0].span), name, names
        )
    return None


def _has_no_makefile(each: CiCommand, folder: str, tree: Tree) -> bool:
    """Whether the folder is one of the repository's that has no Makefile, and nothing that makes one."""
    names = {path.rpartition("/")[2] for path in tree.files if dirname(path) == folder}
    if folder not in tree.folders or any(_MAKES_MAKEFILES.search(name) for name in names):
        return False
    if any(step.input("ref") for step in each.job.steps):
        return False  # another branch may have one
    scripts = (step.run.script for step in each.job.steps if step.run)
    return not any(_MAKES_MAKEFILES.search(one) for one in scripts) and not _is_made(each, "Makefile", tree)


def _inside(each: CiCommand) -> tuple[str | None, ...]:
    """The words of a command, without the environment that it runs in: `uv run bash x.sh` runs x.sh here."""
    words = each.command.words
    if each.texts[0] in _ENVIRONMENTS:
        return tuple(word.text for word in inner_words(each.texts[0] or "", words[1:])) or each.texts
    return each.texts


def _script(texts: tuple[str | None, ...]) -> str:
    """The script of the repository that a command runs by its path, or ""."""
    head = texts[0] or ""
    if _WRAPPER.match(head) or (_SCRIPT.match(head) and "/" in head):
        return head
    if head in _SHELLS or _PYTHON.match(head):
        for text in texts[1:]:
            if text is None or text in ("-c", "-m", "-s", "-") or text.startswith("<"):
                return ""
            if not text.startswith("-"):
                return text if _SCRIPT.match(text) else ""
    return ""


def _file(each: CiCommand, path: str, folder: str, tree: Tree) -> Fault | None:
    found = under(folder, path)
    if not found or tree.has(found) or _is_made(each, path, tree):
        return None
    name = path.rpartition("/")[2]
    same = sorted(one for one in tree.files if one.rpartition("/")[2] == name)[:3]
    related = tuple(Related(Place(one, Span(0, 0)), "a file of that name is here") for one in same)
    return Fault(
        each.place,
        f"the job `{each.job.id}` runs {path}, and there is no {found} in the repository: the step fails",
        related,
        help=f"run {same[0]}" if len(same) == 1 else "commit the script, or run the one that is meant",
    )


def _is_made(each: CiCommand, path: str, tree: Tree) -> bool:
    """Whether the job may make or fetch the file: then it is there when it is run."""
    if any(step.uses and _FETCHING.search(step.uses.value) for step in each.job.steps):
        return True
    at = under(each.folder or "", path) or path
    if is_brought(each.job, at):
        return True
    if ".gitmodules" in tree.files and any(step.input("submodules") for step in each.job.steps):
        return True
    name = re.escape(path.rpartition("/")[2])
    made = re.compile(rf"(?:>\s*\S*|-[oO]\s+\S*){name}")
    for step in each.job.steps:
        for line in step.run.script.replace("\\\n", " ").splitlines() if step.run else ():
            if re.search(name, line) and (made.search(line) or _MAKES_FILES.search(line)):
                return True
            if _MAKES_PLATFORMS.search(line) and _PLATFORM.match(at):
                return True
            if re.search(r"git\s+clone|\btar\b.*x|\bunzip\b|gh\s+repo\s+clone|submodule", line):
                return True
    return False


def _module(each: CiCommand, module: str, folder: str, tree: Tree) -> Fault | None:
    """`python -m app.seed`, where the package `app` is the repository's own."""
    if not re.match(r"[A-Za-z_][\w.]*\Z", module) or "." not in module:
        return None
    for root in (folder, join(folder, "src")):
        package = join(root, module.partition(".")[0])
        if package not in tree.folders:
            continue
        marker = join(package, "__init__.py")
        if marker not in tree.files:
            return None  # what else may make up a namespace is not known
        path = join(root, module.replace(".", "/"))
        if f"{path}.py" in tree.files or join(path, "__main__.py") in tree.files:
            return None
        why = "it has no __main__.py" if path in tree.folders else f"there is no {path}.py"
        if _is_made(each, f"{path}.py", tree):
            return None
        own = Related(Place(marker, Span(0, 0)), "the package is the repository's own")
        return Fault(
            each.place,
            f"the job `{each.job.id}` runs `python -m {module}`, and {why}: the step fails",
            (own,),
            help="name a module that is there",
        )
    return None


def _tests(each: CiCommand, words: list[str | None], folder: str, tree: Tree) -> Fault | None:
    before = ""
    for word in words:
        if word is None or "${{" in word:
            return None
        valued = before in _VALUED or (before.startswith("--") and "=" not in before)
        before = word
        if valued or word.startswith("-") or re.search(r"[*?\[{$]", word):
            continue
        path = word.partition("::")[0]
        if "/" not in path and not path.endswith(".py") and path not in ("tests", "test"):
            continue
        found = under(folder, path.rstrip("/"))
        if found is None or tree.has(found) or _is_made(each, path.rstrip("/"), tree):
            continue
        return Fault(
            each.place,
            f"the job `{each.job.id}` tests {path}, and there is no {found} in the repository: pytest ends "
            "with an error before it runs a test",
            help="name the folder that holds the tests",
        )
    return None


def _fault(each: CiCommand, why: str, place: Place, name: str, names: list[str]) -> Fault:
    near = nearest(name, names)
    return Fault(
        each.place,
        f"the job `{each.job.id}` runs `{_said(each)}`, and {why}: the step fails",
        (Related(place, "what it has begins here"),),
        help=f"did you mean `{near}`?" if near else "",
    )


def _said(each: CiCommand) -> str:
    text = " ".join("…" if word is None else word for word in each.texts)
    return text if len(text) <= 60 else f"{text[:57]}..."
