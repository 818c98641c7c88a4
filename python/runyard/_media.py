"""Tables and pictures as files, from whatever the script holds; nothing is imported that the script hasn't."""
from __future__ import annotations

import csv
import io
import os
import struct
import zlib
from typing import Any, Mapping, Tuple, Union


def table_csv(table: Any) -> bytes:
    """CSV (UTF-8) of a DataFrame-like object, a list of dicts, a list of rows or a dict of columns. Raises TypeError for others."""
    if hasattr(table, "to_csv"):
        return table.to_csv(index=False).encode("utf-8", "replace")
    if hasattr(table, "write_csv"):
        return table.write_csv().encode("utf-8", "replace")
    if isinstance(table, Mapping):
        header, rows = list(table), list(zip(*table.values()))
    else:
        rows = list(table)
        header = []
        if rows and isinstance(rows[0], Mapping):
            header = list(dict.fromkeys(key for row in rows for key in row))
            rows = [[row.get(key, "") for key in header] for row in rows]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if header:
        writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def image_bytes(image: Any) -> Union[bytes, str]:
    """An encoded image, or the path of one. Raises TypeError or ValueError for what is no image."""
    if isinstance(image, (bytes, bytearray, memoryview)):
        return bytes(image)
    if isinstance(image, (str, os.PathLike)):
        return os.fspath(image)
    image = getattr(image, "figure", image) if not hasattr(image, "savefig") else image
    buffer = io.BytesIO()
    if hasattr(image, "savefig"):
        image.savefig(buffer, format="png")
        return buffer.getvalue()
    if hasattr(image, "save") and hasattr(image, "size"):
        image.save(buffer, "PNG")
        return buffer.getvalue()
    for step in ("detach", "cpu", "numpy"):  # a tensor, wherever it lives
        if hasattr(image, step):
            image = getattr(image, step)()
    if hasattr(image, "shape") and hasattr(image, "astype"):
        return _png(*_pixels(image))
    raise TypeError(f"{type(image).__name__} is not an image: give bytes, a path, a figure, a PIL image or an array")


def _pixels(array: Any) -> Tuple[bytes, Tuple[int, ...]]:
    """An array as bytes of 8-bit pixels, rows first, and its shape (height, width, channels)."""
    shape = tuple(int(size) for size in array.shape)
    if len(shape) == 3 and shape[0] in (1, 3, 4) and shape[2] not in (1, 3, 4):
        array = array.transpose(1, 2, 0)
        shape = (shape[1], shape[2], shape[0])
    if len(shape) == 2:
        shape = (*shape, 1)
    if len(shape) != 3 or shape[2] not in (1, 3, 4) or not shape[0] or not shape[1]:
        raise ValueError(f"an array of shape {shape} is not an image: H x W, or 1, 3 or 4 channels")
    if str(array.dtype).startswith(("float", "bfloat", "bool")):
        array = array.astype("float64") * 255
        array[array != array] = 0  # NaN has no shade
        array = array.round()
    return array.clip(0, 255).astype("uint8").tobytes(), shape


def _png(pixels: bytes, shape: Tuple[int, ...]) -> bytes:
    """PNG (ISO/IEC 15948): 8 bits, greyscale, RGB or RGBA, no row filter."""
    height, width, channels = shape
    stride = width * channels
    rows = b"".join(b"\0" + pixels[y * stride:(y + 1) * stride] for y in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, {1: 0, 3: 2, 4: 6}[channels], 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 6)) + chunk(b"IEND", b"")
