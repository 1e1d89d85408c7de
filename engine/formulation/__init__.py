"""From a plan to arrays: which cells a row covers, what an item weighs, the rows of the programs."""
