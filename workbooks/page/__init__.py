"""The review as one self-contained web page.

Owns: HTML, styles and drawings. Nothing is loaded from anywhere; whatever a cell holds is text.
"""
