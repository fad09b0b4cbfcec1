"""Clusters as plain data: kinds and their fields, parts with counts, networks, claims. Knows no text; figures are left to `analysis`."""
