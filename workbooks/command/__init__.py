"""The command line: thin commands over functions that also serve macros and batch."""
