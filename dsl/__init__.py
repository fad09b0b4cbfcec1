"""Front end of the language: syntax tree and diagnostics of a text. The meaning of names and units is left to `compiler`."""
