#!/usr/bin/env bash
# Makes both locks anew from pyproject.toml: hashed, for all platforms, without download addresses.
set -euo pipefail
cd "$(dirname "$0")/.."
common=(--universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11
  --extra minilm --group build pyproject.toml)
uv pip compile "${common[@]}" -o requirements.lock
uv pip compile "${common[@]}" --group dev -c requirements.lock -o requirements-dev.lock
