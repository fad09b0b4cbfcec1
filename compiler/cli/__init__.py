"""The command line: one file, one command; its name is that of the file. The work itself is left to `workspace` and
`study`.

The docstring of a member is its help text. It has `EXAMPLES` (a line and its purpose), `arguments(parser)` and
`run(options)`, which returns the exit status: 0 fine, 1 errors, 2 wrong use, 3 our fault. Members import what they need
when they run, so that each command starts as fast as its own work allows.
"""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from compiler import __version__

ERRORS, USAGE, OURS = 1, 2, 3
INTERRUPTED = 130
WIDTH = 100
YOUNG = 100_000
"""Objects after which the collector looks for cycles. A tree has many that live as long as the command, and no cycle."""


class _Help(argparse.RawDescriptionHelpFormatter):
    """Formatter of help texts, of one width everywhere, so that `docs/cli.md` does not depend on the terminal."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=WIDTH)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command with some arguments (None: those of the process); returns its exit status, never a traceback."""
    if arguments is None:  # a process of our own; of others the collector is left alone
        gc.set_threshold(YOUNG)
    try:
        status = _dispatched(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the interpreter's own flush complains
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 0
    except Exception as error:
        return _failed(error)


def _dispatched(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        return _help(arguments[1:])
    if arguments[0] in ("-V", "--version"):
        print(f"clusterc {__version__}")
        return 0
    name = arguments[0]
    if name not in names():
        return _unknown(name)
    command = member(name)
    return int(command.run(parser(name, command).parse_args(arguments[1:])))


def names() -> tuple[str, ...]:
    """Names of all commands, in alphabetical order."""
    files = (file for folder in __path__ for file in os.listdir(folder))
    return tuple(sorted(file[:-3] for file in files if file.endswith(".py") and not file.startswith("_")))


def member(name: str) -> ModuleType:
    """The module of a command."""
    return import_module(f"{__name__}.{name}")


def parser(name: str, command: ModuleType) -> argparse.ArgumentParser:
    """Argument parser of a command, with its help text and examples."""
    width = max(len(line) for line, _ in command.EXAMPLES)
    examples = "\n".join(f"  {line:<{width}}  {purpose}".rstrip() for line, purpose in command.EXAMPLES)
    made = argparse.ArgumentParser(
        prog=f"clusterc {name}",
        description=command.__doc__,
        epilog=f"examples:\n{examples}",
        formatter_class=_Help,
        allow_abbrev=False,
    )
    command.arguments(made)
    return made


def overview() -> str:
    """Help text of `clusterc` itself."""
    lines = [
        "clusterc checks, measures, audits and draws AI clusters written in `.cluster` files.",
        "",
        "usage: clusterc COMMAND [ARGUMENTS]        clusterc COMMAND --help for one command",
        "",
    ]
    for name in names():
        lines.append(f"  {name:<12}{(member(name).__doc__ or '').splitlines()[0]}")
    lines += [
        "",
        "  --version   print the version",
        "",
        "start here:",
        "  clusterc new my-cluster && clusterc build my-cluster/main.cluster",
        "",
        "exit status: 0 fine, 1 errors in the files, 2 wrong use of the command, 3 a fault of clusterc",
    ]
    return "\n".join(lines) + "\n"


def _help(arguments: list[str]) -> int:
    from compiler.workspace.terminal import say

    if arguments and arguments[0] in names():
        say(parser(arguments[0], member(arguments[0])).format_help())
    else:
        say(overview())
    return 0


def _unknown(name: str) -> int:
    from compiler.workspace.terminal import tell
    from dsl.suggest import did_you_mean

    hint = did_you_mean(name, names()) or ("`clusterc --help` lists the commands",)
    tell("; ".join((f"clusterc: there is no command `{name}`", *hint)) + "\n")
    return USAGE


def _failed(error: Exception) -> int:
    """Print the message of an exception; returns the exit status."""
    from compiler.errors import ClusterError, UnknownError
    from compiler.workspace.terminal import has_color, tell

    if isinstance(error, ClusterError):
        if error.diagnostics:
            from dsl.render import render

            tell(render(error.diagnostics, color=has_color(sys.stderr)))
        else:
            tell(f"clusterc: {error}\n")
        return USAGE if isinstance(error, UnknownError) else ERRORS
    if os.environ.get("CLUSTERC_DEBUG"):
        import traceback

        traceback.print_exc()
    tell(
        f"clusterc: this is a fault of ours, not of your file: {type(error).__name__}: {error}\n"
        "  please report it with the file and the command; CLUSTERC_DEBUG=1 shows where it happened\n"
    )
    return OURS
