"""Loading: rows of a file or a database put into an input table of a workbook."""
