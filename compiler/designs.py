"""From a file to the design to report on, with what was said about it."""

from pathlib import Path

from compiler.audit import audits
from compiler.audit.desk import Desk
from compiler.audit.verdict import Verdict
from compiler.claims import claim_of
from compiler.driver import Compilation, compile_file
from compiler.ir.model import Claim, Design
from compiler.names import Scope
from compiler.report import Report
from dsl import syntax
from dsl.diagnostic import Diagnostic

Found = tuple[Design | None, tuple[Diagnostic, ...], tuple[str, ...]]
"""A design (None: there is none of that name, or the text has errors), the complaints, and the names of all designs."""


def designed(path: Path, name: str | None) -> Found:
    """The design of a file: the one named, else its default one."""
    return chosen(compile_file(path), name)


def chosen(compilation: Compilation, name: str | None) -> Found:
    """The design of what was compiled: the one named, else the default one."""
    if compilation.module is None or any(found.severity == "error" for found in compilation.diagnostics):
        return None, tuple(compilation.diagnostics), ()
    design = compilation.design(name)
    return design, tuple(compilation.diagnostics), tuple(compilation.design_names())


def audited(compilation: Compilation) -> Report:
    """A report of nothing but the claims of a file: those of its designs and those at its top."""
    name = compilation.module.source.name if compilation.module is not None else ""
    return Report(name, "", "", {}, {}, {}, verdicts(compilation), ())


def verdicts(compilation: Compilation) -> tuple[Verdict, ...]:
    """The verdicts on every claim that the file itself makes, in the order of its text."""
    module = compilation.module
    if module is None:
        return ()
    claims: list[Claim] = [claim for instance in compilation.instances() for claim in compilation.claims(instance)]
    for statement in module.tree.statements:
        if isinstance(statement, syntax.Claim):
            claim = claim_of(statement, Scope(module), compilation.world)
            claims += [claim] if claim is not None else []
    own = {
        claim.origin.span.start: claim for claim in claims if claim.origin and claim.origin.span.source is module.source
    }
    return audits(tuple(own[start] for start in sorted(own)), Desk(compilation.world, module))
