"""Findings about a design, without a format: figures and networks, their tables, their trails, and the data of pictures.
Formats are left to the emitters."""
