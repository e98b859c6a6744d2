"""Everything that touches the GPU. Nothing outside this folder imports wgpu.

    device.py    Device: one adapter, opened on first use ── what the layers above hold
       │
    transfer.py  host bytes -> buffer -> host bytes; the only place that waits
       │
    dispatch.py  pipelines, bind groups, one open command buffer
       │
    memory.py    buffers from a pool, within a budget
       │
    raw.py       the few calls that every operation makes, without wgpu-py's wrappers
       │
    adapters.py  which GPUs there are, their limits and features
"""
