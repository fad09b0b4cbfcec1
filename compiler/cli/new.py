"""Start a project: a folder with a design that checks, reports and draws."""

import argparse
from pathlib import Path

from compiler.cli import ERRORS
from compiler.workspace.terminal import say, tell

EXAMPLES = (("clusterc new my-cluster", "then: clusterc build my-cluster/main.cluster"),)
MAIN = """\
edition 2026

## A small cluster to change: nodes of eight accelerators in racks, one network between them.

import std.nvidia.hopper (H100)
import std.ethernet (Ethernet, Switch51T)
import std.sites.us (Ashburn)
import "sources.cluster" (plan)

node Server {
  npus           = 8 of H100
  overhead_power = 3 kW from plan "CPUs, memory, fans"
}

rack ServerRack(servers: Count = 4) {
  nodes = servers of Server
  feed  = 40 kW from plan
}

supercluster Cluster(racks_in_row: Count = 16) {
  title = "Our cluster"
  at    = Ashburn
  rows  = racks_in_row of ServerRack

  let npus = rows.nodes.npus

  network fabric {
    role = "scale-out"
    connect npus by clos(tiers = 2, oversubscription = 1, switch = Switch51T) with 1 of Ethernet(400 Gb/s) from plan
  }

  assert count(npus) == 512 else "the plan is for 512 accelerators"
  expect figures.power.facility <= 700 kW else "more than the hall has"
  claim compute: sum(npus.peak.fp8) ~= 1 EFLOPS@fp8 from plan "as promised"
}
"""
SOURCES = """\
edition 2026

## Where our own numbers come from.

source plan {
  title = "Our plan"
  date  = 2026-01-10
  grade = "estimate"
}
"""
PROJECT = "# Files of this folder may import each other. Nothing needs to be set here.\n"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("folder", metavar="DIR", help="a folder that is not there yet, or is empty")


def run(options: argparse.Namespace) -> int:
    """Write the folder of a new project, whole or not at all. Raises `ClusterError` when it cannot be written."""
    from compiler.workspace.files import folder

    path = Path(options.folder)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        tell(f"clusterc new: `{path.as_posix()}` is already there; choose another name\n")
        return ERRORS
    with folder(path, "main.cluster") as inside:
        for name, text in (("main.cluster", MAIN), ("sources.cluster", SOURCES), ("clusterc.toml", PROJECT)):
            (inside / name).write_bytes(text.encode())
    say(f"{path.as_posix()} is ready\n  clusterc build {(path / 'main.cluster').as_posix()}\n")
    return 0
