"""Tree to IR: names, values, instances, connections, claims and studies of a text. Opens no file; figures are left to `analysis`."""
