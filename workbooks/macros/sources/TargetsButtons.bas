Option Explicit

' One Sub for each button. What a button asks for is done by the installed command
' "targets"; nothing is computed here, and nothing is saved.

Public Sub TargetsCheck()
    RunTargets "check"
End Sub

Public Sub TargetsCascade()
    RunTargets "cascade"
End Sub

Public Sub TargetsKeep()
    RunTargets "cascade keep"
End Sub

Public Sub TargetsDiscard()
    RunTargets "cascade discard"
End Sub

Public Sub TargetsUndo()
    RunTargets "undo"
End Sub

' The ribbon of the add-in: the tag of its button says what is asked for.
Public Sub TargetsRibbon(ByVal control As Object)
    RunTargets control.Tag
End Sub
