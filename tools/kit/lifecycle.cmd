@echo off
rem The lifecycle command; add this folder to PATH to type it anywhere.
"%~dp0python\python.exe" -m commands %*
