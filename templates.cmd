@echo off
rem The command is a bash script; on Windows itself nothing was tried.
echo This command needs bash. On Windows run it in WSL: wsl --install, then ./templates there. 1>&2
exit /b 1
