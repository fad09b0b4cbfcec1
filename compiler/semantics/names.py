"""Declarations of a module by name, and the complaints about names and kinds that do not exist."""

from collections.abc import Callable, Iterable, Iterator

from compiler.ir import kinds
from compiler.semantics.values import Binding, Declaration, Namespace, TopLet, UserFunction
from dsl import syntax
from dsl.diagnostic import Code, Diagnostic, Fix, Label
from dsl.source import Span
from dsl.suggest import did_you_mean, nearest

UNKNOWN_NAME = Code(
    "C0202",
    "unknown name",
    cause="A name must be declared in the file, imported by name, or stand in an enclosing block. There is no wildcard import.",
    wrong="let total = hbm_total * 2\n",
    right="let hbm_total = 48 TB\nlet total = hbm_total * 2\n",
)
UNKNOWN_KIND = Code(
    "C0203",
    "unknown kind",
    cause="A declaration starts with a kind: chip, cpu, switch, rack, supernode and so on. Kinds are a fixed table.",
    wrong="gpu B200 { tdp = 1000 W }\n",
    right="chip B200 { tdp = 1000 W }\n",
)
DECLARED_TWICE = Code(
    "C0205",
    "a name is declared twice",
    cause="In one block a name means one thing. Names have no order, so the second cannot replace the first.",
    wrong="chip A { tdp = 1 W }\nchip A { tdp = 2 W }\n",
    right="chip A { tdp = 1 W }\nchip B { tdp = 2 W }\n",
)
MISPLACED = Code(
    "C0206",
    "a statement stands where it has no meaning",
    cause="At the top of a file stand imports, declarations, lets and functions; fields, parts and connections belong in a block.",
    wrong="tdp = 700 W\n",
    right="chip A { tdp = 700 W }\n",
)

ARTICLE = {True: "an", False: "a"}


def a(word: str) -> str:
    """A word with its article."""
    return f"{ARTICLE[word[:1] in 'aeiou']} {word}"


def declare(module: Namespace, complain: Callable[[Diagnostic], None]) -> Iterator[syntax.Import]:
    """Enter the declarations of a module; yields its imports, which the loader follows."""
    for statement in module.tree.statements:
        if isinstance(statement, syntax.Import):
            yield statement
        elif isinstance(statement, syntax.Entity):
            kind = kinds.BY_NAME.get(statement.kind.text)
            if kind is None:
                complain(unknown_kind(statement.kind))
                continue
            declaration = Declaration(kind, statement, module)
            if bind(module, statement.name.text, declaration, statement.name.span, complain):
                module.own.append(declaration)
        elif isinstance(statement, syntax.Function):
            bind(module, statement.name.text, UserFunction(statement, module), statement.name.span, complain)
        elif isinstance(statement, syntax.Let):
            bind(module, statement.name.text, TopLet(statement, module), statement.name.span, complain)
        elif not isinstance(statement, syntax.Edition | syntax.Wrong | syntax.CheckStatement | syntax.ClaimStatement):
            complain(
                MISPLACED.at(
                    statement.span,
                    "this belongs inside a declaration",
                    "write it between the braces of a chip, rack, supernode, …",
                )
            )


def bind(module: Namespace, name: str, binding: Binding, span: Span, complain: Callable[[Diagnostic], None]) -> bool:
    """Bind a name in a module. False after the complaint that it has a meaning there already."""
    if name in module.names:
        complain(
            DECLARED_TWICE.at(
                span,
                f"`{name}` is declared twice",
                "give one of them another name",
                labels=(Label(module.places[name], "first here"),),
            )
        )
        return False
    module.names[name] = binding
    module.places[name] = span
    return True


def unknown_kind(name: syntax.Name) -> Diagnostic:
    """The complaint about a kind that does not exist."""
    words = {
        "gpu": "chip",
        "npu": "chip",
        "accelerator": "chip",
        "tpu": "chip",
        "server": "node",
        "tray": "node",
        "cabinet": "rack",
        "pod": "supernode",
        "cluster": "supercluster",
        "datacenter": "site",
        "transceiver": "optic",
        "superpod": "supernode",
    }
    found = (words[name.text],) if name.text in words else nearest(name.text, kinds.BY_NAME)
    fixes = (Fix(f"write `{found[0]}`", name.span, found[0], "unsafe"),) if found else ()
    help = (f"did you mean `{found[0]}`?",) if found else ("the kinds are " + ", ".join(kinds.BY_NAME),)
    return UNKNOWN_KIND.at(name.span, f"`{name.text}` is not a kind of thing", *help, fixes=fixes)


def unknown_name(name: str, span: Span, legal: Iterable[str], inside: str = "") -> Diagnostic:
    """The complaint about a name nobody declared."""
    legal_names = list(legal)
    found = nearest(name, legal_names)
    fixes = (Fix(f"write `{found[0]}`", span, found[0], "unsafe"),) if len(found) == 1 else ()
    where = f" in {inside}" if inside else " here"
    return UNKNOWN_NAME.at(span, f"nothing is called `{name}`{where}", *did_you_mean(name, legal_names), fixes=fixes)
