"""Templates: a new plan workbook that a person can fill in without a manual."""
