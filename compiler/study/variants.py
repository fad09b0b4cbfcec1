"""Variants of a study: one tape for each shape that the design takes, made where and when its points are reached.

A process that has not compiled the study makes it again from its recipe, and refuses when its files have changed.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from attrs import field, frozen

from compiler import __version__
from compiler.errors import ClusterError
from compiler.quantities.graph import order
from compiler.semantics.studies import Choice, Formed, Study, chosen
from compiler.semantics.study_text import studies, study_of
from compiler.semantics.values import Declaration
from compiler.study.lowering import Root, lower
from compiler.study.monomials import SweptInput
from compiler.study.specs import Spec, roots_of
from compiler.study.tape import Tape
from compiler.workspace.compilation import Compilation, compile_file, compile_text
from dsl.diagnostic import Code
from dsl.source import Span
from dsl.suggest import did_you_mean

NO_STUDY = Code(
    "C0524",
    "a file without the study that is asked for",
    cause="`clusterc study` runs a `study` block of the file: the one that is named, or the only one.",
    wrong="",
    right="study s {\n  sweep n in [1, 2]\n  show { n = n }\n}\n",
)


@frozen(eq=False)
class Variant:
    """One shape of the design: its tape, the labels of its texts; or the axes to choose on first; or why it cannot be."""

    tape: Tape | None = None
    labels: Mapping[int, tuple[str, ...]] = field(factory=dict)
    splits: tuple[int, ...] = ()
    reason: str = ""


@frozen
class Recipe:
    """Recipe by which another process can make a study: the file or its text, and all else that the results depend on.

    `fingerprint` is a hash of all of it and of every file that was read.
    """

    path: str
    text: str | None
    study: str
    samples: int
    seed: int
    fingerprint: str


def recipe_of(compilation: Compilation, study: Study, samples: int, seed: int) -> Recipe:
    """The recipe of a study of a compiled file; this process remembers the study."""
    module = compilation.module
    assert module is not None
    is_file = compilation.disk.root is not None
    name, text = (module.path, None) if is_file else (module.source.name, module.source.text)
    fingerprint = _fingerprint(compilation, study.name, samples, seed)
    _STUDIES[fingerprint] = study
    return Recipe(name, text, study.name, samples, seed, fingerprint)


def variant_of(recipe: Recipe, choice: Choice, specs: tuple[Spec, ...]) -> Variant:
    """One shape of a study. Raises `ClusterError` when its files have changed since."""
    study = _recalled(recipe)
    return lowered(study.form(chosen(study, choice)), study, specs, recipe)


def lowered(form: Formed, study: Study, specs: tuple[Spec, ...], recipe: Recipe) -> Variant:
    """A shape that was formed, as a tape."""
    if form.splits:
        return Variant(splits=tuple(n for n, item in enumerate(study.sweeps) if item.axis.name in form.splits))
    if form.errors:
        return Variant(reason=form.errors[0].message)
    roots = [Root(q, s.scale, s.reading) for q, s in zip(roots_of(form, study, specs), specs, strict=True)]
    used = {n.symbol for n in order([root.quantity for root in roots]) if n.spread is not None}
    axes = [item.axis for item in study.sweeps if item.axis.symbol in used]
    inputs = [SweptInput(axis.symbol, axis.scale, *axis.extent()) for axis in axes]
    labels = {shown.name: shown.labels for shown in form.columns}
    return Variant(
        lower(roots, inputs, recipe.samples, recipe.seed),
        {i: labels.get(spec.name, ("",)) for i, spec in enumerate(specs) if spec.kind == "text"},
    )


def named_study(compilation: Compilation, name: str | None) -> Study | None:
    """A study of a file by its name, or its only one; None after a complaint."""
    module = compilation.module
    if module is None:
        return None
    names = studies(module.own)
    if name is None and len(names) == 1:
        name = names[0]
    declaration = module.names.get(name) if name else None
    if isinstance(declaration, Declaration) and declaration.kind.name == "study":
        return study_of(declaration, compilation.state)
    top = Span(module.source, 0, 0)
    help: tuple[str, ...]
    if not names:
        message, help = "the file declares no study", ("write `study name { sweep … in …; show { … } }`",)
    elif name is None:
        message = f"the file has {len(names)} studies"
        help = (f"name one of them: {', '.join(names)}",)
    else:
        message = f"the file has no study `{name}`"
        help = did_you_mean(name, names) or (f"it has {', '.join(names)}",)
    compilation.complain(NO_STUDY.at(top, message, *help))
    return None


_STUDIES: dict[str, Study] = {}
"""Studies of this process by fingerprint; another process makes its own when a shape is missing."""


def _recalled(recipe: Recipe) -> Study:
    if recipe.fingerprint not in _STUDIES:
        again = compile_file(Path(recipe.path)) if recipe.text is None else compile_text(recipe.text, recipe.path)
        study = named_study(again, recipe.study)
        if study is None or _fingerprint(again, recipe.study, recipe.samples, recipe.seed) != recipe.fingerprint:
            raise ClusterError(f"`{recipe.path}` has changed since the study was started", tuple(again.diagnostics))
        _STUDIES[recipe.fingerprint] = study
    return _STUDIES[recipe.fingerprint]


def _fingerprint(compilation: Compilation, study: str, samples: int, seed: int) -> str:
    """A hash of everything the results depend on: the texts of all files that were read, the study, samples and seed."""
    hashed = hashlib.sha256(f"{__version__} {study} {samples} {seed}".encode())
    for module in sorted(compilation.loader.modules.values(), key=lambda module: module.path):
        hashed.update(f"\0{module.path}\0{module.source.text}".encode())
    return hashed.hexdigest()
