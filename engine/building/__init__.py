"""From input tables to a checked plan: references resolved, shapes unified, every problem collected."""
