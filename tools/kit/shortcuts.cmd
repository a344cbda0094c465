@echo off
rem Puts the pages and a command window into the start menu of this account; no administrator needed.
powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0shortcuts.ps1"
if errorlevel 1 pause
