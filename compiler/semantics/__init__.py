"""Meaning of a text: from the syntax tree to the IR, by way of names, values, instances, connections, claims and
studies.

Opens no file, which is left to `workspace`; figures are left to `analysis`, limits of racks and ports to `rules`.
"""
