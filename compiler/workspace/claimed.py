"""Verdicts on the claims of a compiled file, found by `audit` with the parts and variants that the file knows."""

from compiler.audit import audits
from compiler.audit.context import Desk
from compiler.audit.verdict import Verdict
from compiler.ir.hardware import ClusterDesign
from compiler.semantics.claims import claim_of
from compiler.semantics.values import Scope
from compiler.workspace.compilation import Compilation
from dsl import syntax


def judged_of(compilation: Compilation, design: ClusterDesign) -> tuple[Verdict, ...]:
    """Verdicts on the claims of a design."""
    assert compilation.module is not None
    return audits(design.claims, Desk(compilation.state, compilation.module))


def verdicts(compilation: Compilation, *, thorough: bool = True) -> tuple[Verdict, ...]:
    """Verdicts on every claim in the text of the file, in its order.

    With `thorough`, other parts and variants are tried for claims that do not hold: each costs an evaluation of its
    own.
    """
    module = compilation.module
    if module is None:
        return ()
    claims = [claim for instance in compilation.instances() for claim in compilation.claims(instance)]
    for statement in module.tree.statements:
        if isinstance(statement, syntax.ClaimStatement):
            claim = claim_of(statement, Scope(module), compilation.state)
            claims += [claim] if claim is not None else []
    # by place: gives the order of the text, and leaves out what was written in another file
    own = {
        claim.origin.span.start: claim
        for claim in claims
        if claim.origin is not None and claim.origin.span.source is module.source
    }
    desk = Desk(compilation.state, module) if thorough else None
    return audits(tuple(own[start] for start in sorted(own)), desk)
