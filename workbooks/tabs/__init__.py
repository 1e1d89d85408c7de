"""The engine's output sheets: what stands where, in which format. One module per sheet of the contract."""
