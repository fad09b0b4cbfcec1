"""Print the completion of commands and options for a shell."""

import argparse

from compiler.workspace.terminal import say

EXAMPLES = (
    ('eval "$(clusterc completion bash)"', "in ~/.bashrc"),
    ('eval "$(clusterc completion zsh)"', "in ~/.zshrc"),
    ("clusterc completion fish | source", "in ~/.config/fish/config.fish"),
)
SHELLS = ("bash", "zsh", "fish")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("shell", choices=SHELLS, help="which shell")


def run(options: argparse.Namespace) -> int:
    """Print the script of a shell."""
    say({"bash": _bash, "zsh": _zsh, "fish": _fish}[options.shell]())
    return 0


def _table() -> dict[str, list[tuple[list[str], str, list[str]]]]:
    """Options of each command as (spellings, help, words it takes)."""
    from compiler.cli import member, names, parser

    return {
        name: [
            (list(action.option_strings), (action.help or ""), [str(choice) for choice in action.choices or ()])
            for action in parser(name, member(name))._actions
            if action.option_strings
        ]
        for name in names()
    }


def _bash() -> str:
    table = _table()
    cases, words = [], []
    for name, options in table.items():
        if name == "completion":
            continue
        cases.append(
            f'    {name}) words="{" ".join(spelling for spellings, _, _ in options for spelling in spellings)}" ;;'
        )
        for spellings, _, choices in options:
            if choices:
                words += [f'    "{name} {spelling}") words="{" ".join(choices)}" ;;' for spelling in spellings]
    return f"""_clusterc() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}" command="${{COMP_WORDS[1]}}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{" ".join(table)} --help --version" -- "$current"))
    return
  fi
  case "$command $before" in
{chr(10).join(words)}
  esac
  if [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    return
  fi
  case "$command" in
{chr(10).join(cases)}
    completion) words="{" ".join(SHELLS)}" ;;
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -X '!*.cluster' -- "$current") $(compgen -d -- "$current")) ;;
  esac
}}
complete -o filenames -F _clusterc clusterc
"""


def _zsh() -> str:
    return "autoload -Uz compinit bashcompinit && compinit && bashcompinit\n" + _bash()


def _fish() -> str:
    from compiler.cli import member

    lines = ["complete -c clusterc -n __fish_use_subcommand -f"]
    for name, options in _table().items():
        about = (member(name).__doc__ or "").splitlines()[0].replace("'", "\\'")
        lines.append(f"complete -c clusterc -n __fish_use_subcommand -a {name} -d '{about}'")
        for spellings, text, choices in options:
            flags = " ".join(f"-l {s[2:]}" if s.startswith("--") else f"-s {s[1:]}" for s in spellings)
            takes = f" -xa '{' '.join(choices)}'" if choices else ""
            told = text.replace("'", "\\'")
            lines.append(f"complete -c clusterc -n '__fish_seen_subcommand_from {name}' {flags}{takes} -d '{told}'")
    return "\n".join(lines) + "\n"
