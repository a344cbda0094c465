@echo off
rem Makes the demo county in the folder lifecycle-demo beside this file and shows its ranking.
chcp 65001 > nul
cd /d "%~dp0"
"%~dp0python\python.exe" -m commands --db "sqlite:///%~dp0lifecycle-demo\ledger.db" demo "%~dp0lifecycle-demo"
pause
