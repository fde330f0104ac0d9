"""The scripts of a repository that commands can name: of packages, projects, recipes and files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import join as join_path
from posixpath import normpath

from runcrew_lint.domains.delivery.facts import Package, PackageScript, Recipes
from runcrew_lint.domains.delivery.project import FILE
from runcrew_lint.domains.lattice import Value, known


class Scripts:
    """What is written where, by the names that tools look it up by.

    Arguments:
        projects: those of Nx.
        by_directory: the packages by their folder.
        files: shell scripts that packages and recipes run, by path.
    """

    def __init__(self, packages: tuple[Package, ...], recipes: tuple[Recipes, ...] = ()) -> None:
        self.projects = tuple(each for each in packages if each.path.endswith(FILE))
        self.by_directory = {each.directory: each for each in packages if each not in self.projects}
        self.by_name = {each.name: each for each in packages if each.name and each not in self.projects}
        self._recipes = {(each.tool, each.directory): each for each in recipes}
        self.files = {script.path: script for each in packages for script in each.shell_scripts}
        self.files |= {script.path: script for each in recipes for script in each.shell_scripts}

    def targets(
        self, wanted: str, directory: Value, names: tuple[str, ...]
    ) -> Iterator[tuple[Package, PackageScript]]:
        """The target of each project that is wanted by its name, as `*` or as `.`, the one of the folder."""
        for project in self.projects:
            here = wanted == "." and directory == known(project.directory)
            if here or wanted in ("*", project.name):
                script = next((one for name in names if (one := project.script(name))), None)
                if script:
                    yield project, script

    def package(self, directory: Value, workspace: str) -> Package | None:
        """The package that counts in a folder: the nearest upwards, or a workspace by name or folder."""
        if workspace:
            name = workspace.removesuffix("...").removeprefix("...").removeprefix("{").removesuffix("}")
            start = str(directory.known) if directory.is_known else ""
            folder = normpath(join_path(start, name))
            return self.by_name.get(name) or self.by_directory.get(folder) or self.last_named(name)
        if not directory.is_known:
            return None
        folder = str(directory.known)
        while folder not in self.by_directory and folder:
            folder = folder.rpartition("/")[0]
        return self.by_directory.get(folder)

    def last_named(self, name: str) -> Package | None:
        """`--filter mobile` for `@team/mobile`, where one package alone ends so."""
        found = [each for key, each in self.by_name.items() if key.rpartition("/")[2] == name]
        return found[0] if len(found) == 1 else None

    def recipes(self, tool: str, directory: Value) -> Recipes | None:
        """The file of recipes that counts in a folder."""
        return recipes_at(self._recipes, tool, str(directory.known)) if directory.is_known else None


def recipes_at(files: Mapping[tuple[str, str], Recipes], tool: str, folder: str) -> Recipes | None:
    """The file of recipes, by tool and folder, that counts in a folder; just looks in those above it, too."""
    found = files.get((tool, folder))
    while found is None and folder and tool == "just":
        folder = folder.rpartition("/")[0]
        found = files.get((tool, folder))
    return found


def with_hooks(package: Package, name: str, manager: str) -> Iterator[PackageScript]:
    """npm runs `pre` and `post` scripts around the one that is named."""
    hooks = manager in ("npm", "bun")
    for each in (f"pre{name}", name, f"post{name}") if hooks else (name,):
        script = package.script(each)
        if script:
            yield script
