@echo off
rem Opens the pages in the browser; close this window to stop them.
chcp 65001 > nul
"%~dp0python\python.exe" -m commands serve --open
if errorlevel 1 pause
