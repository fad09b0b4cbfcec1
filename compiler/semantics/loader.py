"""Loading of modules: a file, all that it imports, and modules of the library.

Files are opened by the `Reader` it is given.
"""

from collections.abc import Callable, Iterable, MutableMapping
from pathlib import PurePath
from typing import Protocol

from attrs import define, field

from compiler.semantics.names import bind, declare
from compiler.semantics.values import FailedImport, ModuleName, Namespace
from dsl import syntax
from dsl.decoding import decode
from dsl.diagnostic import Code, Diagnostic
from dsl.parser import parse
from dsl.record import node as plain
from dsl.source import Source, Span
from dsl.suggest import did_you_mean

NO_FILE = Code(
    "C0801",
    "a file cannot be read",
    cause="The file does not exist, is a folder, or may not be read.",
    wrong='import "nowhere.cluster" (X)\n',
    right="import std.optics (LPO400)\n",
)
NO_MODULE = Code(
    "C0802",
    "no such module in the library",
    cause="`std.huawei.ascend910` is the file `huawei/ascend910.cluster` of the library; `clusterc library` lists what there is.",
    wrong="import std.huawei.ascend911 (Ascend910C)\n",
    right="import std.huawei.ascend910 (Ascend910C)\n",
)
NOT_EXPORTED = Code(
    "C0803",
    "a module does not declare the imported name",
    cause="An import lists names that the other file declares itself; what that file imports is not passed on.",
    wrong="import std.huawei.ascend910 (Ascend911)\n",
    right="import std.huawei.ascend910 (Ascend910C)\n",
)
CIRCLE = Code(
    "C0804",
    "files import each other in a circle",
    cause="Imports form a tree without circles, so that a file can be read on its own.",
    wrong='import "C0804-wrong.cluster" as me\n',
    right="import std.optics as optics\n",
)
OUTSIDE = Code(
    "C0805",
    "an import leaves the project",
    cause="A file can import files of its project: those below the folder of the file given to the command, or below the nearest folder above it that holds `.git` or `clusterc.toml`. Links that lead out count as outside.",
    wrong='import "../elsewhere.cluster" (X)\n',
    right="import std.optics (LPO400)\n",
)


@plain
class File:
    """A file of the user. `key` identifies it however it is reached, `shown` names it in messages, `path` opens it."""

    key: str
    shown: str
    path: PurePath


class Unreadable(Exception):
    """Error of a file that cannot be read; its text is the reason."""


class Reader(Protocol):
    """Protocol of the reader of files, those of the user and those of the library."""

    @property
    def project(self) -> str:
        """The name of the folder that imports may not leave."""

    def beside(self, target: str, importer: File | None) -> File | None:
        """The file that an import names, as seen from the file it stands in; None when it is outside the project."""

    def data(self, file: File) -> bytes:
        """The content of a file. Raises `Unreadable`."""

    def library(self, dotted: str) -> bytes | None:
        """The content of a module of the library by its name without `std.`; None when there is none."""

    def library_names(self) -> Iterable[str]:
        """The names of all modules of the library, with `std.`, in order."""


@plain
class Kept:
    """A module of the library kept for later compilations: its bytes, and (name, module) of each import."""

    data: bytes
    module: Namespace
    imports: tuple[tuple[str, Namespace], ...]


@define(eq=False)
class Loader:
    """Modules of one compilation by key, each read once. `complain` is called with every diagnostic.

    `kept` holds modules of the library from earlier compilations; one is used again while its bytes and those of all
    its imports are unchanged. `loading` are the keys of modules being read, outermost first.
    """

    complain: Callable[[Diagnostic], None]
    reader: Reader
    kept: MutableMapping[str, Kept] = field(factory=dict)
    modules: dict[str, Namespace] = field(factory=dict)
    loading: list[str] = field(factory=list)
    complaints: int = 0

    def main(self, file: File) -> Namespace | None:
        """The module of a file named by the user, with all it imports; None when it cannot be read."""
        data = self._data(file, file.shown, Span(Source(file.shown, ""), 0, 0))
        return None if data is None else self._module(file, data)

    def text(self, name: str, text: str) -> Namespace:
        """The module of a text that is in no file."""
        return self._declared(Namespace(*self._parsed(Source(name, text)), name), name, None)

    def library(self, dotted: str) -> Namespace | None:
        """A module of the library by its dotted name, without the `std.`; None when there is none."""
        key = f"std.{dotted}"
        if key in self.modules:
            return self.modules[key]
        data = self.reader.library(dotted)
        if data is None:
            return None
        return self._kept(key, data) or self._read(key, dotted, data)

    # ---- the library -------------------------------------------------------------------------

    def _kept(self, key: str, data: bytes) -> Namespace | None:
        """A module from an earlier compilation, entered with what it imports; None when something has changed."""
        kept = self.kept.get(key)
        if kept is None or kept.data != data:
            return None
        # entered before its imports are looked at, and taken out again: modules that import each other must find it
        self.modules[key] = kept.module
        if all(self.library(dotted) is module for dotted, module in kept.imports):
            return kept.module
        del self.modules[key]
        return None

    def _read(self, key: str, dotted: str, data: bytes) -> Namespace:
        before = self.complaints
        source = self._decoded(f"std/{dotted.replace('.', '/')}.cluster", data)
        module = self._declared(Namespace(*self._parsed(source), key, is_library=True), key, None)
        targets = [node.target for node in module.tree.statements if isinstance(node, syntax.Import)]
        paths = [".".join(name.text for name in path.names[1:]) for path in targets if isinstance(path, syntax.Path)]
        # a module with a complaint is read again each time, so that the complaint is heard each time
        if self.complaints == before and len(paths) == len(targets):
            imports = tuple((name, self.modules[f"std.{name}"]) for name in paths)
            self.kept[key] = Kept(data, module, imports)
        return module

    # ---- files -------------------------------------------------------------------------------

    def _wrong(self, diagnostic: Diagnostic) -> None:
        self.complaints += 1
        self.complain(diagnostic)

    def _data(self, file: File, shown: str, span: Span) -> bytes | None:
        try:
            return self.reader.data(file)
        except Unreadable as reason:
            message = f"`{shown}` cannot be read: {reason}"
            self._wrong(NO_FILE.at(span, message, "check the path and its permissions"))
            return None

    def _decoded(self, name: str, data: bytes) -> Source:
        source, problems = decode(name, data)
        for problem in problems:
            self._wrong(problem)
        return source

    def _parsed(self, source: Source) -> tuple[Source, syntax.Module]:
        tree, problems = parse(source)
        for problem in problems:
            self._wrong(problem)
        return source, tree

    def _module(self, file: File, data: bytes) -> Namespace:
        source = self._decoded(file.shown, data)
        return self._declared(Namespace(*self._parsed(source), file.shown), file.key, file)

    # ---- imports -----------------------------------------------------------------------------

    def _declared(self, module: Namespace, key: str, file: File | None) -> Namespace:
        """Enter the declarations and imports of a module; returns the module."""
        self.modules[key] = module
        self.loading.append(key)
        for statement in list(declare(module, self._wrong)):
            self._follow(statement, module, file)
        self.loading.pop()
        return module

    def _follow(self, statement: syntax.Import, module: Namespace, file: File | None) -> None:
        """Bind the names of one import; complains about those that cannot be found."""
        target = statement.target
        found = self._of_library(target) if isinstance(target, syntax.Path) else self._of_file(target, file)
        if found is None:
            self._forgive(statement, module)
        elif statement.names is None:
            word = statement.alias or (target.names[-1] if isinstance(target, syntax.Path) else None)
            stem = PurePath(target.value).stem if isinstance(target, syntax.String) else ""
            span = word.span if word else statement.span
            bind(module, word.text if word else stem, ModuleName(found), span, self._wrong)
        else:
            for name in statement.names:
                self._bind(name, found, module)

    def _bind(self, name: syntax.Name, found: Namespace, module: Namespace) -> None:
        """Bind one name that `module` imports from `found`, which must declare it itself.

        A failed import stays silent.
        """
        binding = found.names.get(name.text)
        if binding is not None and (isinstance(binding, FailedImport) or binding.module is found):
            bind(module, name.text, binding, name.span, self._wrong)
            return
        legal = [known for known, other in found.names.items() if getattr(other, "module", None) is found]
        help = did_you_mean(name.text, legal)
        self._wrong(NOT_EXPORTED.at(name.span, f"`{found.path}` declares no `{name.text}`", *help))
        module.names.setdefault(name.text, FailedImport())

    def _forgive(self, statement: syntax.Import, module: Namespace) -> None:
        """Declare the names of a failed import as failed, so that their uses do not complain again."""
        for name in statement.names or ((statement.alias,) if statement.alias else ()):
            module.names.setdefault(name.text, FailedImport())

    def _of_library(self, target: syntax.Path) -> Namespace | None:
        words = [name.text for name in target.names]
        found = self.library(".".join(words[1:])) if words[0] == "std" and len(words) > 1 else None
        if found is not None:
            return self._not_circular(found, ".".join(words), target.span)
        shown = ".".join(words)
        help = did_you_mean(shown, self.reader.library_names()) or (
            "the library starts with `std.`; files are imported in quotes",
        )
        self._wrong(NO_MODULE.at(target.span, f"the library has no `{shown}`", *help))
        return None

    def _of_file(self, target: syntax.String, importer: File | None) -> Namespace | None:
        file = self.reader.beside(target.value, importer)
        if file is None:
            message = f"`{target.value}` is outside the project folder `{self.reader.project}`"
            self._wrong(OUTSIDE.at(target.span, message, "copy the file into the project"))
            return None
        if file.key in self.modules:
            return self._not_circular(self.modules[file.key], file.key, target.span)
        data = self._data(file, target.value, target.span)
        return None if data is None else self._module(file, data)

    def _not_circular(self, module: Namespace, key: str, span: Span) -> Namespace | None:
        if key not in self.loading:
            return module
        steps = [*self.loading[self.loading.index(key) :], key]
        chain = " imports ".join(f"`{self.modules[step].path}`" for step in steps)
        message = f"`{module.path}` is imported in a circle"
        self._wrong(CIRCLE.at(span, message, "move what both need into a third file", notes=(chain,)))
        return None
