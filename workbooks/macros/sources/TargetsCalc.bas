' LibreOffice Calc: the same click by its own means. Excel does not see these lines.
'
' The command works on a copy of the open workbook, as it stands, saved or not; then what changed on the
' engine's sheets is brought over into the open workbook. The workbook's own file is not touched.
#If VBA7 Or Mac Then
#Else

Private Const WITH_MACROS = "Calc MS Excel 2007 VBA XML"
Private Const CONTENTS = 23
Private Const FORMULAS = 16
Private Const HIDDEN_NAME = 16

' The command, while it is being started.
Private starting

Public Sub CalcRun(ByVal verb As String)
    Dim folder, answer, words
    On Error GoTo Failed
    starting = ""
    ShowCalc "Message", "running " & verb & " ..."
    folder = NewFolder(TempFolder(), GetPathSeparator())
    StoreCopy folder & GetPathSeparator() & "book.xlsm"
    answer = CalcAnswer(folder, verb)
    words = DeliverOrTakeBack(answer, folder)
    Sweep folder
    If words = "" Then
        TellCalc answer
    Else
        FailCalc words
    End If
    Exit Sub
Failed:
    words = ErrorWords(Error(), "" & Err)
    On Error Resume Next
    Sweep folder
    If starting <> "" Then words = "The command " & starting & " could not be started: " & words & " " & WaysOut()
    FailCalc words
End Sub

' What went wrong, on one line.
Private Function ErrorWords(ByVal text, ByVal number)
    ErrorWords = Trim(Replace(Replace(text, Chr(13), ""), Chr(10), " ")) & " (" & number & ")"
End Function

Private Sub FailCalc(ByVal words)
    ShowCalc "Message", words
    MsgBox words, 48, "Targets"
End Sub

' Brings the result; where a step of it fails, what stood before comes back. Returns what went wrong.
Private Function DeliverOrTakeBack(ByVal answer, ByVal folder)
    Dim result, words
    DeliverOrTakeBack = ""
    If AnswerOf(answer, "sheet") = "" Then Exit Function
    result = folder & GetPathSeparator() & "result.xlsm"
    words = DeliverLocked(answer, result, False)
    If words = "" Then Exit Function
    answer = Asked(folder, RequestLines(folder, "take back"))
    words = "LibreOffice refused a step: " & words & ". "
    If AnswerOf(answer, "sheet") = "" Or DeliverLocked(answer, result, True) <> "" Then
        DeliverOrTakeBack = words & "Not everything could be put back: close the workbook without saving it."
    Else
        DeliverOrTakeBack = words & "Everything stands as it did before the click."
    End If
End Function

Private Function DeliverLocked(ByVal answer, ByVal path, ByVal goesOn)
    On Error GoTo Failed
    ThisComponent.lockControllers()
    ThisComponent.addActionLock()
    DeliverLocked = Deliver(answer, path, goesOn)
    GoTo Free
Failed:
    DeliverLocked = ErrorWords(Error(), "" & Err)
Free:
    ThisComponent.removeActionLock()
    ThisComponent.unlockControllers()
End Function

Private Function TempFolder()
    TempFolder = Environ("TMPDIR")
    If TempFolder = "" Then TempFolder = Environ("TEMP")
    If TempFolder = "" Then TempFolder = "/tmp"
End Function

Private Sub StoreCopy(ByVal path)
    Dim how(0)
    Set how(0) = CreateUnoStruct("com.sun.star.beans.PropertyValue")
    how(0).Name = "FilterName"
    how(0).Value = WITH_MACROS
    ThisComponent.storeToURL ConvertToUrl(path), how
End Sub

Private Function CalcAnswer(ByVal folder, ByVal verb)
    Dim request, active, meant, separator
    separator = GetPathSeparator()
    Set active = ThisComponent.CurrentController.getActiveSheet()
    meant = MeantSheet(active.Name, NamedCells("TargetsStatus").Spreadsheet.Name)
    If Not ThisComponent.Sheets.hasByName(meant) Then meant = active.Name
    If meant <> active.Name Then ThisComponent.CurrentController.setActiveSheet ThisComponent.Sheets.getByName(meant)
    request = RequestLines(folder, verb) & Chr(10) & "book=" & Escaped(BookName()) & Chr(10) & _
        "sheet=" & Escaped(meant) & Chr(10) & "cells=" & Escaped(SelectedCells()) & Chr(10) & ProtectedLines()
    If meant <> active.Name Then ThisComponent.CurrentController.setActiveSheet active
    CalcAnswer = Asked(folder, request)
    If CalcAnswer = "" Then CalcAnswer = "status=70" & Chr(10) & "message=targets did not answer"
End Function

' What is asked for, and the files it is about.
Private Function RequestLines(ByVal folder, ByVal verb)
    Dim within
    within = folder & GetPathSeparator()
    RequestLines = "verb=" & Escaped(verb) & Chr(10) & "copy=" & Escaped(within & "book.xlsm") & Chr(10) & _
        "result=" & Escaped(within & "result.xlsm") & Chr(10) & "answer=" & Escaped(within & "answer.txt")
End Function

' Hands a request to the command, and returns its answer.
Private Function Asked(ByVal folder, ByVal request)
    Dim within
    within = folder & GetPathSeparator()
    If Dir(within & "answer.txt") <> "" Then Kill within & "answer.txt"
    WriteText within & "request.txt", request
    starting = CalcCommand()
    Shell Startable(starting), 0, "click """ & within & "request.txt""", True
    starting = ""
    Asked = ReadText(within & "answer.txt")
End Function

' Shell takes a blank for the end of a program's path; in an address it is %20. A bare word is looked for on the PATH.
Private Function Startable(ByVal command)
    Startable = command
    If InStr(command, "/") > 0 Or InStr(command, "\") > 0 Then Startable = ConvertToUrl(command)
End Function

' What must not be written to: sheets by name, between tabs, and whether sheets may come and go.
Private Function ProtectedLines()
    Dim at, sheet
    ProtectedLines = "protected="
    For at = 0 To ThisComponent.Sheets.Count - 1
        Set sheet = ThisComponent.Sheets.getByIndex(at)
        If sheet.isProtected() Then ProtectedLines = ProtectedLines & Escaped(sheet.Name & Chr(9))
    Next at
    If ThisComponent.isProtected() Then ProtectedLines = ProtectedLines & Chr(10) & "structure=protected"
End Function

Private Function BookName()
    BookName = ThisComponent.getURL()
    If BookName <> "" Then BookName = ConvertFromUrl(BookName)
End Function

' The cells that are selected and seen on the sheet that is looked at, area by area; "" where a shape is selected.
Private Function SelectedCells()
    Dim areas, at, sheet
    SelectedCells = ""
    On Error GoTo Nowhere
    Set sheet = ThisComponent.CurrentController.getActiveSheet()
    areas = ThisComponent.getCurrentSelection().queryVisibleCells().getRangeAddresses()
    For at = 0 To UBound(areas)
        If areas(at).Sheet = sheet.RangeAddress.Sheet Then
            SelectedCells = SelectedCells & "," & AreaName(sheet, areas(at))
        End If
    Next at
    SelectedCells = Mid(SelectedCells, 2)
Nowhere:
End Function

Private Function AreaName(ByVal sheet, ByVal area)
    AreaName = sheet.Columns.getByIndex(area.StartColumn).Name & (area.StartRow + 1) & ":" & _
        sheet.Columns.getByIndex(area.EndColumn).Name & (area.EndRow + 1)
End Function

Private Function CalcCommand()
    CalcCommand = CommandIn(NamedCells("TargetsCommand").getCellByPosition(0, 0).getString(), ReadText(Noted()))
End Function

' Where "targets macros install" notes the command.
Private Function Noted()
    If Environ("APPDATA") <> "" Then
        Noted = Environ("APPDATA") & "\target-cascade\command.txt"
    ElseIf Environ("XDG_CONFIG_HOME") <> "" Then
        Noted = Environ("XDG_CONFIG_HOME") & "/target-cascade/command.txt"
    Else
        Noted = Environ("HOME") & "/.config/target-cascade/command.txt"
    End If
End Function

Private Function NamedCells(ByVal name)
    Set NamedCells = ThisComponent.NamedRanges.getByName(name).getReferredCells()
End Function

Private Sub ShowCalc(ByVal label, ByVal words)
    Dim cells, at
    On Error Resume Next
    Set cells = NamedCells("TargetsStatus")
    For at = 0 To cells.Rows.Count - 1
        If cells.Spreadsheet.getCellByPosition(cells.RangeAddress.StartColumn - 1, _
            cells.RangeAddress.StartRow + at).getString() = label Then
            cells.getCellByPosition(0, at).setString words
        End If
    Next at
End Sub

Private Sub TellCalc(ByVal answer)
    Dim status
    ShowCalc "Last click", AnswerOf(answer, "last")
    ShowCalc "Targets met", AnswerOf(answer, "met")
    ShowCalc "Missed", AnswerOf(answer, "missed")
    ShowCalc "Seconds", AnswerOf(answer, "seconds")
    ShowCalc "Message", AnswerOf(answer, "message")
    status = Val(AnswerOf(answer, "status"))
    If AnswerOf(answer, "note") <> "" Then PutNote answer
    If AnswerOf(answer, "show") <> "" And ThisComponent.Sheets.hasByName(AnswerOf(answer, "show")) Then
        ThisComponent.CurrentController.setActiveSheet ThisComponent.Sheets.getByName(AnswerOf(answer, "show"))
    End If
    If status = 1 Or status = 5 Or status = 70 Then MsgBox AnswerOf(answer, "message"), 48, "Targets"
End Sub

Private Sub PutNote(ByVal answer)
    Dim sheet, address, notes, at
    Set sheet = ThisComponent.Sheets.getByName(AnswerOf(answer, "note_sheet"))
    address = sheet.getCellRangeByName(AnswerOf(answer, "note_cell")).getCellByPosition(0, 0).CellAddress
    Set notes = sheet.getAnnotations()
    For at = notes.Count - 1 To 0 Step -1
        If notes.getByIndex(at).Position.Row = address.Row And notes.getByIndex(at).Position.Column = address.Column Then
            notes.removeByIndex at
        End If
    Next at
    notes.insertNew address, AnswerOf(answer, "note")
End Sub

Private Sub Sweep(ByVal folder)
    Dim names, at
    On Error Resume Next
    names = Array("book.xlsm", "result.xlsm", "request.txt", "answer.txt")
    For at = 0 To UBound(names)
        Kill folder & GetPathSeparator() & names(at)
    Next at
    RmDir folder
End Sub

' ---- bringing what changed into the open workbook

' Lines "sheet=", with fields between tabs: name, how it comes, hidden or seen, name that follows the sheet,
' table, its range before, its range now, cells of ours outside the table, those before, links.
' Returns what went wrong, "" where nothing did. Where it goes on, a step that fails is left out.
Private Function Deliver(ByVal answer, ByVal path, ByVal goesOn)
    Dim how(1), result, lines, at, active, turn, words
    Set how(0) = CreateUnoStruct("com.sun.star.beans.PropertyValue")
    how(0).Name = "Hidden"
    how(0).Value = True
    Set how(1) = CreateUnoStruct("com.sun.star.beans.PropertyValue")
    how(1).Name = "ReadOnly"
    how(1).Value = True
    Deliver = ""
    Set active = ThisComponent.CurrentController.getActiveSheet()
    Set result = StarDesktop.loadComponentFromURL(ConvertToUrl(path), "_blank", 0, how)
    lines = Split(answer, Chr(10))
    ' all sheets have to be there before a formula can refer to one of them
    For turn = 1 To 2
        For at = 0 To UBound(lines)
            If Left(lines(at), 6) = "sheet=" And (Deliver = "" Or goesOn) Then
                words = Brought(result, Split(Mid(lines(at), 7), Chr(9)), turn)
                ' what refused to be written refuses to be put back, too; it may stand as it did
                If words <> "" And goesOn Then words = LeftOver(words, result, Split(Mid(lines(at), 7), Chr(9)))
                If words <> "" Then Deliver = words
            End If
        Next at
    Next turn
    result.close True
    On Error Resume Next
    ThisComponent.CurrentController.setActiveSheet active
End Function

Private Function Brought(ByVal result, ByVal fields, ByVal turn)
    On Error GoTo Failed
    Brought = ""
    If turn = 1 Then
        BringSheet result, fields
    Else
        BringCells result, fields
    End If
    Exit Function
Failed:
    Brought = ErrorWords(Error(), "" & Err)
End Function

Private Sub BringSheet(ByVal result, ByVal fields)
    Dim name, sheet
    name = Unescaped(fields(0))
    If fields(1) = "gone" Then
        If fields(3) <> "" And ThisComponent.NamedRanges.hasByName(fields(3)) Then ThisComponent.NamedRanges.removeByName fields(3)
        If ThisComponent.Sheets.hasByName(name) Then ThisComponent.Sheets.removeByName name
        Exit Sub
    End If
    If ThisComponent.Sheets.hasByName(name) Then Exit Sub
    ThisComponent.Sheets.importSheet result, name, ThisComponent.Sheets.Count
    Set sheet = ThisComponent.Sheets.getByName(name)
    If fields(2) = "hidden" Then sheet.IsVisible = False
    If fields(3) <> "" Then NameSheet fields(3), "$'" & Replace(name, "'", "''") & "'.$A$1", sheet
    If fields(4) <> "" Then SetTable fields(4), sheet.getCellRangeByName(fields(6))
End Sub

Private Sub NameSheet(ByVal name, ByVal reference, ByVal sheet)
    If ThisComponent.NamedRanges.hasByName(name) Then
        ThisComponent.NamedRanges.getByName(name).setContent reference
    Else
        ThisComponent.NamedRanges.addNewByName name, reference, sheet.getCellByPosition(0, 0).CellAddress, HIDDEN_NAME
    End If
End Sub

Private Sub BringCells(ByVal result, ByVal fields)
    Dim name, here, there, cells, at
    If fields(1) = "gone" Then Exit Sub
    name = Unescaped(fields(0))
    ' taking back what had not come yet
    If fields(6) = "" And fields(7) = "" And Not ThisComponent.Sheets.hasByName(name) Then Exit Sub
    Set here = ThisComponent.Sheets.getByName(name)
    If result.Sheets.hasByName(name) Then Set there = result.Sheets.getByName(name)
    If (fields(1) = "old" Or fields(1) = "content") And fields(5) <> "" Then FitTable here, fields
    If fields(1) = "input" And fields(4) <> "" Then SetTable fields(4), here.getCellRangeByName(fields(6))
    cells = Split(fields(8), " ")
    For at = 0 To UBound(cells)
        If InStr(" " & fields(7) & " ", " " & cells(at) & " ") = 0 Then here.getCellRangeByName(cells(at)).clearContents CONTENTS
    Next at
    If fields(6) <> "" And fields(1) <> "input" Then BringRange result, there.getCellRangeByName(fields(6)), here.getCellRangeByName(fields(6)), fields(1)
    cells = Split(fields(7), " ")
    For at = 0 To UBound(cells)
        BringRange result, there.getCellRangeByName(cells(at)), here.getCellRangeByName(cells(at)), fields(1)
    Next at
    cells = Split(fields(9), " ")
    For at = 0 To UBound(cells)
        BringLink here, cells(at)
    Next at
End Sub

' Nothing is left over where all cells hold what they should.
Private Function LeftOver(ByVal words, ByVal result, ByVal fields)
    Dim name, here, there, cells, at
    LeftOver = words
    On Error GoTo Differs
    name = Unescaped(fields(0))
    Set here = ThisComponent.Sheets.getByName(name)
    Set there = result.Sheets.getByName(name)
    cells = Split(Trim(fields(6) & " " & fields(7)), " ")
    For at = 0 To UBound(cells)
        If Not SameCells(here.getCellRangeByName(cells(at)), there.getCellRangeByName(cells(at))) Then Exit Function
    Next at
    LeftOver = ""
Differs:
End Function

Private Function SameCells(ByVal here, ByVal there)
    Dim ours, theirs, row, column
    SameCells = False
    ours = here.getFormulaArray()
    theirs = there.getFormulaArray()
    For row = 0 To UBound(theirs)
        For column = 0 To UBound(theirs(row))
            If ours(row)(column) <> theirs(row)(column) Then Exit Function
        Next column
    Next row
    SameCells = True
End Function

' Clears what the table covered, lets colours and rules of its last record go on where it grew, and moves its range.
Private Sub FitTable(ByVal here, ByVal fields)
    Dim before, now, model, target, last
    Set before = here.getCellRangeByName(fields(5))
    If fields(6) = "" Then
        before.clearContents CONTENTS
        Exit Sub
    End If
    Set now = here.getCellRangeByName(fields(6))
    last = before.RangeAddress.EndRow
    If now.RangeAddress.EndRow > last Then
        Set model = here.getCellRangeByPosition(before.RangeAddress.StartColumn, last, before.RangeAddress.EndColumn, last)
        For target = last + 1 To now.RangeAddress.EndRow
            here.copyRange here.getCellByPosition(before.RangeAddress.StartColumn, target).CellAddress, model.RangeAddress
        Next target
    End If
    ' rows of its own first: a block that cannot be cleared as a whole must not keep what came below
    If now.RangeAddress.EndRow < last Then
        here.getCellRangeByPosition(before.RangeAddress.StartColumn, now.RangeAddress.EndRow + 1, _
            before.RangeAddress.EndColumn, last).clearContents CONTENTS
    End If
    before.clearContents CONTENTS
    If fields(4) <> "" Then SetTable fields(4), now
End Sub

' A table of the engine's, where it is to be; LibreOffice forgets some when sheets are removed.
Private Sub SetTable(ByVal name, ByVal area)
    If Not ThisComponent.DatabaseRanges.hasByName(name) Then
        ThisComponent.DatabaseRanges.addNewByName name, area.RangeAddress
        ThisComponent.DatabaseRanges.getByName(name).AutoFilter = True
    End If
    ThisComponent.DatabaseRanges.getByName(name).DataArea = area.RangeAddress
End Sub

Private Sub BringRange(ByVal result, ByVal source, ByVal target, ByVal age)
    Dim blocks, at, address
    If age = "old" Or age = "input" Then BringLooks result, source, target
    target.setDataArray source.getDataArray()
    ' values first: numbers and texts stay what they are; then the formulas, block by block
    Set blocks = source.queryContentCells(FORMULAS)
    For at = 0 To blocks.Count - 1
        address = blocks.getByIndex(at).RangeAddress
        target.Spreadsheet.getCellRangeByPosition(address.StartColumn, address.StartRow, address.EndColumn, _
            address.EndRow).setFormulaArray blocks.getByIndex(at).getFormulaArray()
    Next at
End Sub

' Number formats, fonts, fills and alignment, one rectangle of equal looks after the other.
Private Sub BringLooks(ByVal result, ByVal source, ByVal target)
    Dim rectangles, at, part, here, address, formats, form, key
    Set rectangles = source.getCellFormatRanges()
    formats = ThisComponent.getNumberFormats()
    For at = 0 To rectangles.Count - 1
        Set part = rectangles.getByIndex(at)
        address = part.RangeAddress
        Set here = target.Spreadsheet.getCellRangeByPosition( _
            address.StartColumn, address.StartRow, address.EndColumn, address.EndRow)
        Set form = result.getNumberFormats().getByKey(part.NumberFormat)
        key = formats.queryKey(form.FormatString, form.Locale, False)
        If key < 0 Then key = formats.addNew(form.FormatString, form.Locale)
        here.NumberFormat = key
        here.CharWeight = part.CharWeight
        here.CharPosture = part.CharPosture
        here.CharHeight = part.CharHeight
        here.CharColor = part.CharColor
        here.CellBackColor = part.CellBackColor
        here.HoriJustify = part.HoriJustify
        here.ParaIndent = part.ParaIndent
        here.IsTextWrapped = part.IsTextWrapped
    Next at
End Sub

Private Sub BringLink(ByVal here, ByVal written)
    Dim parts, cell, words, field
    parts = Split(written, ">")
    Set cell = here.getCellRangeByName(parts(0)).getCellByPosition(0, 0)
    If cell.Type <> com.sun.star.table.CellContentType.TEXT Then Exit Sub
    words = cell.getString()
    Set field = ThisComponent.createInstance("com.sun.star.text.TextField.URL")
    field.Representation = words
    field.URL = "#" & Unescaped(parts(1))
    cell.setString ""
    cell.getText().insertTextContent cell.getText().createTextCursor(), field, False
End Sub

#End If
