"""Versions: inputs and results of a plan as they stood, kept in the workbook, proven unchanged or told apart."""
