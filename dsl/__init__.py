"""Front end of the language: syntax tree and diagnostics of a text. The meaning of it is left to `compiler`."""
