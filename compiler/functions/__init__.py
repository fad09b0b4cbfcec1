"""Words an expression may call: one file, one subject; each is a function under `@word`."""
