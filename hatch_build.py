"""Makes the table of the grammar when a wheel is built or the checkout is installed, so that neither waits for Lark."""

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TableHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts `dsl/grammar/cluster.table`, which git does not know, into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the table from the grammar as it is, before the files are collected."""
        sys.path.insert(0, self.root)
        try:
            from dsl.grammar.disk import renew

            renew()
        finally:
            sys.path.remove(self.root)
        build_data["artifacts"].append("dsl/grammar/cluster.table")
