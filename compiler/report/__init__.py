"""The report of a design as plain data: figures, networks, tables, trails, and the data of pictures.

Figures are computed in `analysis` and `networks`; formats are left to `emitters`.
"""
