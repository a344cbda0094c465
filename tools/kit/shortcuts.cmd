@echo off
rem Puts the pages and a command window into the start menu of this account; no administrator needed.
"%~dp0python\python.exe" "%~dp0shortcuts.py"
if errorlevel 1 pause
