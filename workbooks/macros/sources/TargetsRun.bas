Option Explicit

' Starts the command "targets" for the open workbook and tells what it answered.
'
' Request and answer are lines "key=value" in plain ASCII; other characters are
' written as \uXXXX, so that no code page can change them.

Private Const STATUS_NAME As String = "TargetsStatus"
Private Const COMMAND_NAME As String = "TargetsCommand"
Private Const FIRST_PROBLEM As Long = 1
Private Const OPEN_ELSEWHERE As Long = 5
Private Const OUR_BUG As Long = 70
Private Const VISIBLE_CELLS As Long = 12

Private lastSheet As String

' Told by the workbook whenever a sheet is left.
Public Sub RememberSheet(ByVal name As String)
    lastSheet = name
End Sub

' The sheet that a selection is meant on: the one before Control, where a button of Control is clicked.
Public Function MeantSheet(ByVal active As String, ByVal control As String) As String
    MeantSheet = active
    If active = control And lastSheet <> "" Then MeantSheet = lastSheet
End Function

Public Sub RunTargets(ByVal verb As String)
    ' LibreOffice does not know #If: it runs these lines, and Excel does not see them.
#If VBA7 Or Mac Then
#Else
    CalcRun verb
    Exit Sub
#End If
    On Error GoTo Failed
    If ActiveWorkbook Is Nothing Then Exit Sub
    ShowStatus ActiveWorkbook, "Message", "running " & verb & " ..."
    If Not HasControl(ActiveWorkbook) Then Application.StatusBar = "Targets: running " & verb & " ..."
#If Mac Then
    MacRun RequestText(ActiveWorkbook, verb)
    Application.StatusBar = False
#Else
    Dim answer As String
    answer = WindowsRun(RequestText(ActiveWorkbook, verb))
    Application.StatusBar = False
    Tell ActiveWorkbook, answer
#End If
    Exit Sub
Failed:
    ' what comes next forgets the error
    Dim words As String
    words = Err.Description
    Application.StatusBar = False
    ShowStatus ActiveWorkbook, "Message", "could not start targets: " & words
    MsgBox "The command targets could not be started: " & words & vbLf & vbLf & WaysOut(), vbExclamation, "Targets"
End Sub

Public Function WaysOut() As String
    WaysOut = "Install it (see docs/excel.md), run targets macros install once, or type its path into the sheet Control."
End Function

' What is asked for: the verb, the book, and what is selected in it.
Public Function RequestText(ByVal book As Object, ByVal verb As String) As String
    RequestText = "verb=" & Escaped(verb) & vbLf & "book=" & Escaped(book.FullName) & vbLf
    Dim active As Object, used As Object, meant As String
    On Error Resume Next
    Set active = book.ActiveSheet
    meant = MeantSheet(active.Name, ControlName(book))
    If meant <> active.Name Then
        Application.ScreenUpdating = False
        book.Worksheets(meant).Activate
    End If
    RequestText = RequestText & "sheet=" & Escaped(meant) & vbLf
    Set used = book.Worksheets(meant).UsedRange
    RequestText = RequestText & "cells=" & Escaped(SelectedAddress(Selection, used)) & vbLf
    If meant <> active.Name Then
        active.Activate
        Application.ScreenUpdating = True
    End If
End Function

' The sheet Control, "" in a workbook without one: the buttons of the add-in work there, too.
Public Function ControlName(ByVal book As Object) As String
    On Error Resume Next
    ControlName = ""
    ControlName = book.Names(STATUS_NAME).RefersToRange.Worksheet.Name
End Function

Public Function HasControl(ByVal book As Object) As Boolean
    HasControl = (ControlName(book) <> "")
End Function

' The cells that are selected, used and seen, area by area: rows that a filter hides are not meant.
Public Function SelectedAddress(ByVal chosen As Object, ByVal used As Object) As String
    Dim meant As Object, seen As Object, at As Long
    SelectedAddress = ""
    On Error GoTo Nowhere
    Set meant = Application.Intersect(chosen, used)
    If meant Is Nothing Then Exit Function
    Set seen = meant
    ' of a single cell, Excel would look at the whole sheet
    If meant.Areas.Count > 1 Or meant.Areas(1).Rows.Count > 1 Or meant.Areas(1).Columns.Count > 1 Then
        Set seen = meant.SpecialCells(VISIBLE_CELLS)
    End If
    For at = 1 To seen.Areas.Count
        SelectedAddress = SelectedAddress & "," & seen.Areas(at).Address(False, False)
    Next at
    SelectedAddress = Mid(SelectedAddress, 2)
Nowhere:
End Function

' The command: as the sheet Control says, else what "targets macros install" noted, else the first on the PATH.
Public Function CommandOf(ByVal book As Object, ByVal noted As String) As String
    Dim typed As String
    On Error Resume Next
    typed = CStr(book.Names(COMMAND_NAME).RefersToRange.Cells(1, 1).Value)
    On Error GoTo 0
    CommandOf = CommandIn(typed, noted)
End Function

' Explorer copies a path with quotes around it: they are no part of the command. A note is written as requests are.
Public Function CommandIn(ByVal typed As String, ByVal noted As String) As String
    CommandIn = Trim(Replace(typed, Chr(34), ""))
    If CommandIn = "" Then CommandIn = Trim(Unescaped(Replace(Replace(noted, vbCr, ""), vbLf, "")))
    If CommandIn = "" Then CommandIn = "targets"
End Function

' Shows one line of the last click on the sheet Control, where the book has one.
Public Sub ShowStatus(ByVal book As Object, ByVal label As String, ByVal words As String)
    Dim cells As Object, at As Long
    On Error Resume Next
    Set cells = book.Names(STATUS_NAME).RefersToRange
    For at = 1 To cells.Rows.Count
        If cells.Cells(at, 1).Offset(0, -1).Value = label Then cells.Cells(at, 1).Value = words
    Next at
    On Error GoTo 0
End Sub

' Shows an answer: the last click on Control, and a message where there is something to mend.
Public Sub Tell(ByVal book As Object, ByVal answer As String)
    Dim status As Long
    ShowStatus book, "Last click", AnswerOf(answer, "last")
    ShowStatus book, "Targets met", AnswerOf(answer, "met")
    ShowStatus book, "Missed", AnswerOf(answer, "missed")
    ShowStatus book, "Seconds", AnswerOf(answer, "seconds")
    ShowStatus book, "Message", AnswerOf(answer, "message")
    status = Val(AnswerOf(answer, "status"))
    If AnswerOf(answer, "show") <> "" Then Reveal book, AnswerOf(answer, "show")
    If BoxFor(book, status) <> 0 Then MsgBox AnswerOf(answer, "message"), BoxFor(book, status), "Targets"
End Sub

' The box that an answer is told in, 0 for none: where there is no Control, every answer has one.
Public Function BoxFor(ByVal book As Object, ByVal status As Long) As Long
    BoxFor = 0
    If status = FIRST_PROBLEM Or status = OPEN_ELSEWHERE Or status = OUR_BUG Then
        BoxFor = vbExclamation
    ElseIf Not HasControl(book) Then
        BoxFor = vbInformation
    End If
End Function

Private Sub Reveal(ByVal book As Object, ByVal sheetName As String)
    On Error Resume Next
    book.Worksheets(sheetName).Activate
End Sub

' Returns the value of the first line with a key, "" where there is none.
Public Function AnswerOf(ByVal answer As String, ByVal key As String) As String
    Dim lines As Variant, at As Long
    AnswerOf = ""
    lines = Split(Replace(answer, vbCr, ""), vbLf)
    For at = LBound(lines) To UBound(lines)
        If Left(lines(at), Len(key) + 1) = key & "=" Then
            AnswerOf = Unescaped(Mid(lines(at), Len(key) + 2))
            Exit Function
        End If
    Next at
End Function

Public Function Escaped(ByVal text As String) As String
    Dim at As Long, code As Long
    Escaped = ""
    For at = 1 To Len(text)
        code = AscW(Mid(text, at, 1))
        If code < 0 Then code = code + 65536
        If code < 32 Or code > 126 Or code = 92 Then
            Escaped = Escaped & "\u" & Right("000" & Hex(code), 4)
        Else
            Escaped = Escaped & Mid(text, at, 1)
        End If
    Next at
End Function

Public Function Unescaped(ByVal text As String) As String
    Dim at As Long
    Unescaped = ""
    at = 1
    Do While at <= Len(text)
        If Mid(text, at, 2) = "\u" Then
            Unescaped = Unescaped & ChrW(CLng("&H" & Mid(text, at + 2, 4)))
            at = at + 6
        Else
            Unescaped = Unescaped & Mid(text, at, 1)
            at = at + 1
        End If
    Loop
End Function

Public Sub WriteText(ByVal path As String, ByVal text As String)
    Dim file As Integer
    file = FreeFile
    Open path For Output As #file
    Print #file, text
    Close #file
End Sub

' Returns what a text file holds, "" where there is none.
Public Function ReadText(ByVal path As String) As String
    Dim file As Integer, line As String
    ReadText = ""
    On Error GoTo Missing
    If Dir(path) = "" Then Exit Function
    file = FreeFile
    Open path For Input As #file
    Do While Not EOF(file)
        Line Input #file, line
        ReadText = ReadText & line & vbLf
    Loop
    Close #file
Missing:
End Function

' A folder of this click's own, among the temporary files.
Public Function NewFolder(ByVal parent As String, ByVal separator As String) As String
    Randomize
    Do
        NewFolder = parent & separator & "targets-" & Hex(CLng(Rnd() * 2147483000))
    Loop While Dir(NewFolder, vbDirectory) <> ""
    MkDir NewFolder
End Function

#If Mac Then
' Excel on a Mac may only start a script that the user has put into its folder; it answers on the sheet Control,
' and where there is none, the script shows the answer.
Private Sub MacRun(ByVal request As String)
    Dim told As String
    If Not HasControl(ActiveWorkbook) Then request = request & "tell=always" & vbLf
    told = AppleScriptTask("Targets.applescript", "runTargets", CommandOf(ActiveWorkbook, "") & vbLf & request)
    If told = "" Then Exit Sub
    ShowStatus ActiveWorkbook, "Message", told
    MsgBox told & vbLf & vbLf & WaysOut(), vbExclamation, "Targets"
End Sub
#End If

' VBA's own words for files know no names outside the code page of the computer; these objects know all.
Private Function WindowsRun(ByVal request As String) As String
    Dim host As Object, files As Object, folder As String, status As Long
    Set host = CreateObject("WScript.Shell")
    Set files = CreateObject("Scripting.FileSystemObject")
    folder = host.ExpandEnvironmentStrings("%TEMP%") & "\targets-" & files.GetTempName()
    files.CreateFolder folder
    On Error GoTo Sweep
    With files.CreateTextFile(folder & "\request.txt")
        .Write request & "answer=" & Escaped(folder & "\answer.txt")
        .Close
    End With
    status = host.Run("""" & CommandOf(ActiveWorkbook, FileText(files, _
        host.ExpandEnvironmentStrings("%APPDATA%") & "\target-cascade\command.txt")) & _
        """ click """ & folder & "\request.txt""", 0, True)
    WindowsRun = FileText(files, folder & "\answer.txt")
    If WindowsRun = "" Then WindowsRun = "status=70" & vbLf & "message=targets ended with status " & status
Sweep:
    Dim number As Long, words As String
    number = Err.number
    words = Err.Description
    On Error Resume Next
    files.DeleteFolder folder, True
    On Error GoTo 0
    If number <> 0 Then Err.Raise number, "Targets", words
End Function

' What a text file holds, "" where there is none.
Private Function FileText(ByVal files As Object, ByVal path As String) As String
    Dim stream As Object
    FileText = ""
    On Error GoTo Missing
    If Not files.FileExists(path) Then Exit Function
    Set stream = files.OpenTextFile(path)
    If Not stream.AtEndOfStream Then FileText = stream.ReadAll()
    stream.Close
Missing:
End Function
