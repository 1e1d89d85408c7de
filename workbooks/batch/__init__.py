"""Batch: many workbooks, each in a process that may die without harm to the others."""
