"""List the kinds of things and the fields each may have."""

import argparse
import json

from compiler.workspace.terminal import give, say, tell

EXAMPLES = (
    ("clusterc kinds", "every kind in a line"),
    ("clusterc kinds chip", "the fields of one kind, with units and examples"),
    ("clusterc kinds --json", "all of it as data, clusterc.kinds/1"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("kind", nargs="?", metavar="KIND", help="one kind; all of them otherwise")
    parser.add_argument("--json", action="store_true", help="as data")


def run(options: argparse.Namespace) -> int:
    """Print the kinds, or the fields of one of them."""
    from compiler.cli import USAGE
    from compiler.ir.kinds import BY_NAME
    from dsl.suggest import did_you_mean

    if options.kind and options.kind not in BY_NAME:
        tell(
            "; ".join((f"clusterc kinds: there is no kind `{options.kind}`", *did_you_mean(options.kind, BY_NAME)))
            + "\n"
        )
        return USAGE
    chosen = [BY_NAME[options.kind]] if options.kind else list(BY_NAME.values())
    if options.json:
        data = {"schema": "clusterc.kinds/1", "kinds": [_data(kind) for kind in chosen]}
        give((json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode())
    elif options.kind:
        say(_page(chosen[0]))
    else:
        say("".join(f"{kind.name:<14}{kind.doc}\n" for kind in chosen))
    return 0


def _data(kind: "Kind") -> dict[str, object]:
    from compiler.quantities.units import base_unit

    return {
        "name": kind.name,
        "doc": kind.doc,
        "parts": list(kind.parts),
        "open": kind.open,
        "fields": [
            {
                "path": spec.path,
                "doc": spec.doc,
                "type": spec.type,
                "unit": base_unit(spec.dimension) if spec.type == "quantity" else None,
                "example": spec.example,
                "required": spec.required,
                "whole": spec.whole,
                "choices": list(spec.choices),
                "range": list(spec.range) if spec.range else None,
            }
            for spec in kind.fields
        ],
    }


def _page(kind: "Kind") -> str:
    lines = [f"{kind.name}: {kind.doc}", ""]
    path = max((len(spec.path) for spec in kind.fields), default=0)
    example = max((len(spec.example) for spec in kind.fields), default=0)
    for spec in kind.fields:
        needed = " (required)" if spec.required else ""
        choices = f" One of {', '.join(spec.choices)}." if spec.choices else ""
        lines.append(f"  {spec.path:<{path}} = {spec.example:<{example}}  {spec.doc}{needed}{choices}")
    if kind.parts:
        lines += ["", f"  may contain: {', '.join(kind.parts)}"]
    return "\n".join(lines) + "\n"


TYPE_CHECKING = False
if TYPE_CHECKING:
    from compiler.ir.kinds import Kind
