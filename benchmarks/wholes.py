"""Whole designs of half a million accelerators as texts, for benchmarks and for what others cut."""

HEAD = """edition 2026
chip C {{ tdp = 1 W }}
switch Hub {{ ports = 1000000; rate = 1000 GB/s }}
link NV {{ rate = 450 GB/s }}
link E {{ rate = 50 GB/s }}
node B {{
  c  = {chips} of C {{ rail = index }}
  nv = 4 of Hub
  network i {{ role = "scale-up"
    connect c to nv with 1 of NV }} }}
"""


def rails_over_boxes(boxes: int, rails: int = 8) -> str:
    """Boxes with a rail to each of their accelerators, the rails under a tapered spine."""
    return (
        HEAD.format(chips=rails)
        + f"""
supernode P {{ b = {boxes} of B; l = {rails} of Hub {{ rail = index }}; s = 4 of Hub
  network o {{ role = "scale-out"
    connect b.c to l on rail with 1 of E
    connect l to s with {max(1, boxes // 32)} of E }} }}
"""
    )


def superpods(units: int, boxes: int = 32, rails: int = 8, *, per_rail: bool = True) -> str:
    """Units of boxes with a leaf for each unit and rail, under spines for each rail, or under common ones, tapered 8:1."""
    spines = f"{4 * rails} of Hub {{ rail = index // 4 }}" if per_rail else "4 of Hub"
    return (
        HEAD.format(chips=rails)
        + f"""
rack U {{ b = {boxes} of B; l = {rails} of Hub {{ rail = index }}
  network o {{ role = "scale-out"
    connect b.c to l on rail with 1 of E }} }}
supernode P {{ u = {units} of U; s = {spines}
  network t {{ role = "scale-out"
    connect u.l to s{" on rail" if per_rail else ""} with 1 of E }} }}
"""
    )


def pods_of_racks(pods: int, racks: int, boxes: int, rails: int = 8) -> str:
    """Pods of racks of boxes with rails, tapered above the racks and above the pods."""
    return (
        HEAD.format(chips=rails)
        + f"""
node R {{ b = {boxes} of B; l = {rails} of Hub {{ rail = index }}
  network o {{ role = "scale-out"
    connect b.c to l on rail with 1 of E }} }}
rack P {{ r = {racks} of R; s = 8 of Hub
  network t {{ role = "scale-out"
    connect r.l to s with 1 of E }} }}
supernode D {{ p = {pods} of P; s = 8 of Hub
  network w {{ role = "scale-out"
    connect p.s to s with {max(1, racks // 2)} of E }} }}
"""
    )


def unlike_pods(pods: int, racks: int, others: int, fewer: int, boxes: int = 16) -> str:
    """Pods of racks of boxes beside some with other numbers of racks, tapered above the racks and above the pods."""
    return (
        HEAD.format(chips=8)
        + f"""
node R {{ b = {boxes} of B; l = 1 of Hub
  network o {{ role = "scale-out"
    connect b.c to l with 1 of E }} }}
rack P {{ r = {racks} of R; s = 8 of Hub
  network t {{ role = "scale-out"
    connect r.l to s with 8 of E }} }}
rack Q {{ r = {fewer} of R; s = 8 of Hub
  network t {{ role = "scale-out"
    connect r.l to s with 8 of E }} }}
supernode D {{ p = {pods} of P; q = {others} of Q; s = 8 of Hub
  network w {{ role = "scale-out"
    connect p.s to s with {racks // 2} of E
    connect q.s to s with {racks // 2} of E }} }}
"""
    )


LARGE = {
    "65,536 boxes x 8 rails": rails_over_boxes(65_536),
    "2,048 units, spines per rail": superpods(2048),
    "2,048 units, common spines": superpods(2048, per_rail=False),
    "61 pods x 63 racks x 15 boxes": pods_of_racks(61, 63, 15),
    "60 pods beside 4 unlike ones": unlike_pods(60, 64, 4, 63),
}
"""Designs of half a million accelerators by name."""
