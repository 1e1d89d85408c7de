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

Public Sub TargetsVariance()
    RunTargets "variance"
End Sub

Public Sub TargetsReview()
    RunTargets "review"
End Sub

' Ctrl+Shift+H
Public Sub TargetsHold()
Attribute TargetsHold.VB_ProcData.VB_Invoke_Func = "H\n14"
    RunTargets "hold"
End Sub

' Ctrl+Shift+E
Public Sub TargetsExplain()
Attribute TargetsExplain.VB_ProcData.VB_Invoke_Func = "E\n14"
    RunTargets "explain"
End Sub

Public Sub TargetsUndo()
    RunTargets "undo"
End Sub

' The ribbon of the add-in: the tag of its button says what is asked for.
Public Sub TargetsRibbon(ByVal control As Object)
    RunTargets control.Tag
End Sub
