#!/bin/sh
# Installs lifecycle from the wheels beside this script, without network: sh install.sh [FOLDER]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$HOME/.local/share/lifecycle-program}
for python in ${PYTHON:-} python3.14 python3.13 python3.12 python3.11 python3; do
	if "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2> /dev/null; then
		break
	fi
	python=
done
if [ -z "$python" ]; then
	echo "需要 Python 3.11 至 3.14；可用 PYTHON=/路径/python3.12 sh install.sh 指定。" >&2
	echo "Python 3.11 to 3.14 is needed; name one by PYTHON=/path/to/python3.12 sh install.sh" >&2
	exit 1
fi
"$python" -m venv --clear "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-index \
	--find-links "$here/wheels" --require-hashes -r "$here/requirements.txt"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps "$here"/lifecycle-*.whl
mkdir -p "$HOME/.local/bin"
ln -sf "$folder/bin/lifecycle" "$HOME/.local/bin/lifecycle"
echo "$("$folder/bin/lifecycle" --version)"
echo "$HOME/.local/bin/lifecycle"
