"""Where files come from: user files, imports among them, and the library. The only reader of `.cluster` text on disk."""

from collections.abc import Callable, Iterator
from pathlib import Path

from attrs import define, field

from compiler.names import Lost, Module, ModuleName, a, bind, declare
from compiler.suggest import did_you_mean
from dsl import syntax
from dsl.decoding import decode
from dsl.diagnostic import Code, Diagnostic
from dsl.limits import FILE_BYTES
from dsl.parser import parse
from dsl.source import Source, Span

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

LIBRARY = Path(__file__).resolve().parent.parent / "stdlib"
MARKERS = (".git", "clusterc.toml")


@define(eq=False)
class Loader:
    """Modules by where they come from, each read once. `complain` hears what is wrong with any of them."""

    complain: Callable[[Diagnostic], None]
    root: Path | None = None
    modules: dict[str, Module] = field(factory=dict)
    loading: list[str] = field(factory=list)
    read_files: dict[Path, bytes] = field(factory=dict)

    def main(self, path: Path) -> Module | None:
        """The module of a file named on the command line, with all it imports."""
        self.root = project_root(path)
        data = self._bytes(path, None, path.as_posix())
        if data is None:
            return None
        return self._module(path.as_posix(), str(path.resolve()), data, path, is_library=False)

    def text(self, name: str, text: str) -> Module:
        """The module of a text that is in no file."""
        return self._declared(Source(name, text), name, name, None, is_library=False)

    def library(self, dotted: str) -> Module | None:
        """A module of the library by its dotted name, without the `std.`; None when there is none."""
        path = LIBRARY.joinpath(*dotted.split(".")).with_suffix(".cluster")
        key = f"std.{dotted}"
        if key in self.modules:
            return self.modules[key]
        if not path.is_file():
            return None
        return self._module(f"std/{dotted.replace('.', '/')}.cluster", key, path.read_bytes(), path, is_library=True)

    def _bytes(self, path: Path, span: Span | None, shown: str) -> bytes | None:
        try:
            with path.open("rb") as file:
                data = file.read(FILE_BYTES + 1)
        except OSError as error:
            reason = "is a folder" if path.is_dir() else (error.strerror or "cannot be read").lower()
            self.complain(
                NO_FILE.at(
                    span or Span(Source(shown, ""), 0, 0),
                    f"`{shown}` cannot be read: {reason}",
                    "check the path and its permissions",
                )
            )
            return None
        self.read_files[path.resolve()] = data
        return data

    def _module(self, name: str, key: str, data: bytes, path: Path, *, is_library: bool) -> Module:
        source, problems = decode(name, data)
        for problem in problems:
            self.complain(problem)
        return self._declared(
            source, key, f"std.{name[4:-8].replace('/', '.')}" if is_library else name, path, is_library=is_library
        )

    def _declared(self, source: Source, key: str, shown: str, path: Path | None, *, is_library: bool) -> Module:
        tree, problems = parse(source)
        for problem in problems:
            self.complain(problem)
        module = Module(source, tree, shown, is_library)
        self.modules[key] = module
        self.loading.append(key)
        imports = list(declare(module, self.complain))
        for statement in imports:
            self._follow(statement, module, path)
        self.loading.pop()
        return module

    def _follow(self, statement: syntax.Import, module: Module, path: Path | None) -> None:
        """Bind the names of one import; what cannot be found is complained about and stays unknown."""
        target = statement.target
        found = self._library(target) if isinstance(target, syntax.Path) else self._file(target, path)
        if found is None:
            self._forgive(statement, module)
            return
        if statement.names is None:
            word = statement.alias or (target.names[-1] if isinstance(target, syntax.Path) else None)
            text = word.text if word else Path(str(getattr(target, "value", ""))).stem
            bind(module, text, ModuleName(found), (word or statement).span, self.complain)
            return
        for name in statement.names:
            binding = found.names.get(name.text)
            if binding is None or getattr(binding, "module", found) is not found:
                legal = [known for known, other in found.names.items() if getattr(other, "module", None) is found]
                help = did_you_mean(name.text, legal)
                self.complain(NOT_EXPORTED.at(name.span, f"`{found.path}` declares no `{name.text}`", *help))
                module.names.setdefault(name.text, Lost())
                continue
            bind(module, name.text, binding, name.span, self.complain)

    def _forgive(self, statement: syntax.Import, module: Module) -> None:
        """Names of a failed import are known, so that one mistake is one message."""
        for name in statement.names or ((statement.alias,) if statement.alias else ()):
            module.names.setdefault(name.text, Lost())

    def _library(self, target: syntax.Path) -> Module | None:
        words = [name.text for name in target.names]
        found = self.library(".".join(words[1:])) if words[0] == "std" and len(words) > 1 else None
        if found is None:
            shown = ".".join(words)
            legal = list(library_names())
            help = did_you_mean(shown, legal) or ("the library starts with `std.`; files are imported in quotes",)
            self.complain(NO_MODULE.at(target.span, f"the library has no `{shown}`", *help))
            return None
        return self._not_circular(found, f"std.{'.'.join(words[1:])}", target.span)

    def _file(self, target: syntax.String, path: Path | None) -> Module | None:
        here = (path.parent if path else Path()) / target.value
        real = here.resolve()
        root = self.root or Path().resolve()
        if Path(target.value).is_absolute() or not real.is_relative_to(root):
            self.complain(
                OUTSIDE.at(
                    target.span,
                    f"`{target.value}` is outside the project folder `{root.name}`",
                    "copy the file into the project",
                )
            )
            return None
        key = str(real)
        if key not in self.modules:
            data = self._bytes(here, target.span, target.value)
            if data is None:
                return None
            shown = real.relative_to(root).as_posix()
            return self._module(shown, key, data, here, is_library=False)
        return self._not_circular(self.modules[key], key, target.span)

    def _not_circular(self, module: Module, key: str, span: Span) -> Module | None:
        if key not in self.loading:
            return module
        chain = " imports ".join(f"`{self.modules[k].path}`" for k in [*self.loading[self.loading.index(key) :], key])
        self.complain(
            CIRCLE.at(
                span,
                f"`{module.path}` is imported in a circle",
                "move what both need into a third file",
                notes=(chain,),
            )
        )
        return None


def project_root(path: Path) -> Path:
    """The folder that imports may not leave."""
    start = path.resolve().parent
    for folder in (start, *start.parents):
        if any((folder / marker).exists() for marker in MARKERS):
            return folder
    return start


def library_names() -> Iterator[str]:
    """The dotted names of all library modules, in order."""
    for path in sorted(LIBRARY.rglob("*.cluster")):
        yield "std." + ".".join(path.relative_to(LIBRARY).with_suffix("").parts)


__all__ = ["Loader", "a", "library_names", "project_root"]
