"""Pictures: sheets of placed boxes, lines and words, and their rendering to DOT, SVG and PNG.

The sheets themselves, one for each view of a design, are made in `views`.
"""
