"""Pictures as sheets of placed boxes, lines and words, and the way from a sheet to DOT, SVG and PNG. Drawing one kind of
sheet of a design is left to `views`."""
