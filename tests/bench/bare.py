"""The floor: what any script must do for a plan of this size, and nothing else.

Imports, reads every sheet with calamine, solves the same arrays with HiGHS, writes the same cells as plain XML.
Called with: book, arrays (.npz), cells (.pickle), output.
"""

from __future__ import annotations

import pickle
import sys
import time
import zipfile

import highspy
import numpy as np
import python_calamine


def solve(arrays: np.lib.npyio.NpzFile, first: int, last: int) -> None:
    """Solve programs of the run, from arrays."""
    for at in range(first, last):
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = int(arrays[f"columns{at}"]), int(arrays[f"rows{at}"])
        program.col_cost_, program.col_lower_, program.col_upper_ = (
            arrays[f"cost{at}"], arrays[f"lower{at}"], arrays[f"upper{at}"],
        )  # fmt: skip
        program.row_lower_, program.row_upper_ = arrays[f"row_lower{at}"], arrays[f"row_upper{at}"]
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_, program.a_matrix_.index_ = arrays[f"start{at}"], arrays[f"index{at}"]
        program.a_matrix_.value_ = arrays[f"value{at}"]
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("presolve", "off")
        highs.setOptionValue("threads", 1)
        highs.passModel(program)
        highs.run()


def write(sheets: dict[str, list[list[object]]], output: str) -> None:
    """Write cells as plain XML: numbers and inline strings, formulas with their value; no styles."""
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for at, rows in enumerate(sheets.values()):
            with archive.open(f"xl/worksheets/sheet{at}.xml", "w") as part:
                part.write(b"<worksheet><sheetData>")
                for number, row in enumerate(rows, start=1):
                    cells = []
                    for value in row:
                        if isinstance(value, tuple):
                            cells.append(f"<c><f>{value[0]}</f><v>{value[1]!r}</v></c>")
                        elif isinstance(value, str):
                            text = value.replace("&", "&amp;").replace("<", "&lt;")
                            cells.append(f'<c t="inlineStr"><is><t>{text}</t></is></c>')
                        elif value is not None:
                            cells.append(f"<c><v>{value!r}</v></c>")
                    part.write(f'<row r="{number}">{"".join(cells)}</row>'.encode())
                part.write(b"</sheetData></worksheet>")


def main() -> None:
    """Do it; print the seconds that loading the harness's own files took, and those of the programs of whole units."""
    book, arrays, cells, output = sys.argv[1:]
    workbook = python_calamine.load_workbook(book)
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python()
    before = time.perf_counter()
    loaded = np.load(arrays)
    with open(cells, "rb") as file:  # noqa: PTH123 - a bare script
        sheets = pickle.load(file)
    own = time.perf_counter() - before
    deviations, all_of_them = int(loaded["deviations"]), int(loaded["programs"])
    solve(loaded, 0, deviations)
    before = time.process_time()
    solve(loaded, deviations, all_of_them)
    whole = time.process_time() - before
    write(sheets, output)
    print(own, whole)  # noqa: T201 - read by the harness


if __name__ == "__main__":
    main()
