"""Packs: what goes to a site to be answered, and what comes back."""
