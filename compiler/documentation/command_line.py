"""The page `docs/cli.md`, made from help texts; written by `python -m compiler.documentation.command_line`."""

from pathlib import Path

from compiler.cli import member, names, overview, parser

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cli.md"
HEAD = """\
# The command line

Made from `clusterc --help` and `clusterc COMMAND --help`; `python -m compiler.documentation.command_line` makes it anew.
"""
TAIL = """\
## Good to know

- **Exit status**: 0 fine; 1 errors in the files, an output that cannot be written, or, for `audit`, a claim that fails or
  needs an explanation; 2 wrong use of the command; 3 a fault of ours. Warnings and claims never fail `check`, `report`
  or `build` except under `--strict`.
- **Where things go**: results to standard output, complaints beside a result to standard error. `-` as FILE is standard
  input, `-o -` standard output. JSON, CSV, Markdown and pictures are UTF-8 whatever the terminal speaks.
- **Outputs appear whole or not at all.** `build` replaces a folder only if a build wrote it.
- **Memory**: what was found is kept in the user's cache folder (`~/.cache/clusterc`, `~/Library/Caches/clusterc`,
  `%LOCALAPPDATA%\\clusterc`), or where `CLUSTERC_CACHE` says; an empty `CLUSTERC_CACHE` keeps nothing. It may be deleted at
  any time, and any number of commands may run at once.
- **Colour** on terminals only, and not when `NO_COLOR` is set.
- **Completion**: put `eval "$(clusterc completion bash)"` into `~/.bashrc`, the same with `zsh` into `~/.zshrc`, or
  `clusterc completion fish | source` into fish's configuration.
- **A fault of ours** ends with status 3 and one line; `CLUSTERC_DEBUG=1` adds where it happened.
"""


def page() -> str:
    """Text of the page."""
    sections = [HEAD, f"```text\n{overview()}```\n"]
    sections += [f"## {name}\n\n```text\n{parser(name, member(name)).format_help()}```\n" for name in names()]
    return "\n".join([*sections, TAIL])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
