"""What is a program: the grammar, and the trees it gives, for tests and tools that want the definition."""
