"""Reasons: why a cell leaves its fair share, and what limits a target that is missed."""
