"""Source text of the macros, one file a module, as Office exports and imports it."""
