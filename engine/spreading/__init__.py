"""Spreading by hand: one number over several, under the names planners know, holds respected."""
