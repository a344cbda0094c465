# Start-menu entries for the account that runs this; run it again after the folder has moved.
$kit = Split-Path -Parent $MyInvocation.MyCommand.Path
$menu = Join-Path ([Environment]::GetFolderPath('Programs')) '招商引资台账'
New-Item -ItemType Directory -Force $menu | Out-Null
$shell = New-Object -ComObject WScript.Shell

$board = $shell.CreateShortcut((Join-Path $menu '看板.lnk'))
$board.TargetPath = Join-Path $kit '看板.cmd'
$board.WorkingDirectory = $kit
$board.Save()

$prompt = $shell.CreateShortcut((Join-Path $menu '命令行.lnk'))
$prompt.TargetPath = $env:ComSpec
$prompt.Arguments = '/k "set PATH=' + $kit + ';%PATH%"'
$prompt.WorkingDirectory = [Environment]::GetFolderPath('MyDocuments')
$prompt.Save()
