"""From input tables to a checked plan: references resolved, shapes unified, every problem collected."""

from engine.building.build import build_plan

__all__ = ["build_plan"]
