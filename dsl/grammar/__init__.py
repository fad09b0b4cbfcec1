"""Grammar of the language, and the parse table made of it. Running the table over a text is left to `dsl/driver.py`."""
