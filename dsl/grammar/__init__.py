"""The definition of the language: its grammar, and the table that is made of it."""
