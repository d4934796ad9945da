#!/bin/sh
# Chromium and Chinese fonts for the end-to-end tests: from the distribution, where we may install.
set -eu
missing=
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || missing="chromium"
fc-list :lang=zh 2>/dev/null | grep -q . || missing="$missing fonts-noto-cjk"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086
  { apt-get install -y -qq --no-install-recommends $missing fontconfig ||
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing fontconfig; }; } >/dev/null
else
  echo "端到端测试需要先安装：$missing（Debian：sudo apt-get install $missing）。" >&2
  exit 1
fi
