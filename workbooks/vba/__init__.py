"""VBA projects written from source text: no Excel, no template file, the same bytes every time."""
