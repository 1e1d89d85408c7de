-- Excel on a Mac may start nothing but scripts in this folder:
--   ~/Library/Application Scripts/com.microsoft.Excel
-- "targets macros install" puts this file there.
--
-- The first line of what Excel hands over is the command, "targets" for the one that was noted at installation;
-- the lines below are the request. The command runs on its own, since Excel waits while a script runs, and
-- answers on the sheet Control of the open workbook.

on runTargets(handedOver)
	set command to paragraph 1 of handedOver
	set request to (text ((length of command) + 2) thru -1 of handedOver)
	try
		set requestFile to do shell script "mktemp -t targets-request"
		do shell script "printf '%s' " & quoted form of request & " > " & quoted form of requestFile
		if command is "targets" then
			set noted to "$HOME/.config/target-cascade/command.txt"
			set command to do shell script "if [ -s \"" & noted & "\" ]; then head -n 1 \"" & noted & "\"; else /bin/zsh -lc 'command -v targets'; fi"
		end if
		do shell script quoted form of command & " click " & quoted form of requestFile & " > /dev/null 2>&1 &"
		return ""
	on error problem
		return "targets could not be started: " & problem
	end try
end runTargets
