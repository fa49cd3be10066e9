"""What must be in the environment before CrewAI, Chroma or onnxruntime is imported."""

from __future__ import annotations

import os
from pathlib import Path


def set_environment(home: Path) -> None:
    """Switches off what CrewAI, OpenTelemetry, Chroma and onnxruntime would send, ask or store.

    Must run before any of them is imported. `home` gets CrewAI's own files.
    """
    storage = home / "crewai"
    storage.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        CREWAI_DISABLE_TELEMETRY="true",
        CREWAI_DISABLE_TRACKING="true",
        CREWAI_TRACING_ENABLED="false",
        CREWAI_DISABLE_VERSION_CHECK="true",
        OTEL_SDK_DISABLED="true",
        CREWAI_STORAGE_DIR=str(storage.resolve()),
        ANONYMIZED_TELEMETRY="false",
        ORT_DISABLE_TELEMETRY="1",
        LITELLM_LOCAL_MODEL_COST_MAP="True",
        DO_NOT_TRACK="1",
    )
