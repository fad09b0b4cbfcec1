"""Pictures of a design: one file, one view; a view is a `View`, whose function turns a design into a sheet."""
