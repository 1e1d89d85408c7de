-- Excel on a Mac may start nothing but scripts in this folder:
--   ~/Library/Application Scripts/com.microsoft.Excel
-- "targets macros install" puts this file there.
--
-- The first line of what Excel hands over is the command, "targets" for the one that was noted at installation;
-- the lines below are the request. The command runs on its own, since Excel waits while a script runs, and
-- answers on the sheet Control of the open workbook.

-- Prints the command, or says that there is none. $1: as Excel knows it.
property finding : "c=$1; if [ \"$c\" = targets ]; then for f in \"$XDG_CONFIG_HOME\" \"$(/bin/zsh -lc 'printf %s \"$XDG_CONFIG_HOME\"' 2>/dev/null | tail -n 1)\" \"$HOME/.config\"; do n=$f/target-cascade/command-plain.txt; if [ -s \"$n\" ]; then c=$(head -n 1 \"$n\"); break; fi; done; fi; if [ \"$c\" = targets ]; then c=$(/bin/zsh -lc 'command -v targets' 2>/dev/null | tail -n 1); fi; if ! command -v \"$c\" >/dev/null; then echo \"the command ${c:-targets} is not there\" >&2; exit 1; fi; printf %s \"$c\""

-- Runs the command; shows what it said where Control cannot: problems, and all answers where there is no Control.
-- $1: the command. $2: the file of the request.
property clicking : "\"$1\" click \"$2\" >/dev/null 2>\"$2.log\"; s=$?; if grep -q '^tell=always' \"$2\"; then s=tell; fi; case $s in 0|3|4) ;; *) osascript -e 'on run told' -e 'display alert \"Targets\" message (item 1 of told)' -e 'end run' \"$(tail -n 5 \"$2.log\")\" ;; esac; rm -f \"$2\" \"$2.log\""

on runTargets(handedOver)
	set command to paragraph 1 of handedOver
	set request to (text ((length of command) + 2) thru -1 of handedOver)
	try
		set command to do shell script "sh -c " & quoted form of finding & " finding " & quoted form of command
		set requestFile to do shell script "mktemp -t targets-request"
		do shell script "printf '%s' " & quoted form of request & " > " & quoted form of requestFile
		do shell script "sh -c " & quoted form of clicking & " clicking " & quoted form of command & " " & quoted form of requestFile & " > /dev/null 2>&1 &"
		return ""
	on error problem
		return "targets could not be started: " & problem
	end try
end runTargets
