/** The messages of an ONNX file that are read here (onnx.proto3 of onnx.ai). What can be large stays bytes: it is looked into only where it has to be. */
import protobuf from 'protobufjs/light';

const field = (id: number, type: string, rule?: 'repeated') => ({ id, type, ...(rule ? { rule } : {}) });

const root = protobuf.Root.fromJSON({ nested: {
  Model: { fields: {
    irVersion: field(1, 'int64'), producerName: field(2, 'string'), producerVersion: field(3, 'string'), domain: field(4, 'string'), doc: field(6, 'string'),
    graph: field(7, 'bytes'), opsets: field(8, 'Opset', 'repeated'), metadata: field(14, 'Entry', 'repeated'),
  } },
  Opset: { fields: { domain: field(1, 'string'), version: field(2, 'int64') } },
  Entry: { fields: { key: field(1, 'string'), value: field(2, 'string') } },
  Graph: { fields: {
    nodes: field(1, 'bytes', 'repeated'), name: field(2, 'string'), initializers: field(5, 'bytes', 'repeated'),
    inputs: field(11, 'ValueInfo', 'repeated'), outputs: field(12, 'ValueInfo', 'repeated'), values: field(13, 'bytes', 'repeated'),
  } },
  Node: { fields: {
    inputs: field(1, 'string', 'repeated'), outputs: field(2, 'string', 'repeated'), name: field(3, 'string'), op: field(4, 'string'),
    attributes: field(5, 'bytes', 'repeated'), domain: field(7, 'string'),
  } },
  Attribute: { fields: {
    name: field(1, 'string'), f: field(2, 'float'), i: field(3, 'int64'), s: field(4, 'bytes'), tensor: field(5, 'Tensor'),
    floats: field(7, 'float', 'repeated'), ints: field(8, 'int64', 'repeated'), strings: field(9, 'bytes', 'repeated'),
  } },
  AttributeName: { fields: { name: field(1, 'string') } },
  Tensor: { fields: {
    dims: field(1, 'int64', 'repeated'), type: field(2, 'int32'), ints: field(5, 'int32', 'repeated'), strings: field(6, 'bytes', 'repeated'),
    longs: field(7, 'int64', 'repeated'), name: field(8, 'string'), raw: field(9, 'bytes'), doubles: field(10, 'double', 'repeated'),
  } },
  TensorHead: { fields: { name: field(8, 'string'), external: field(13, 'Entry', 'repeated'), location: field(14, 'int32') } },
  ValueInfo: { fields: { name: field(1, 'string'), type: field(2, 'Type') } },
  Type: { oneofs: { value: { oneof: ['tensor', 'sequence', 'map', 'optional', 'sparse'] } }, fields: {
    tensor: field(1, 'TensorType'), sequence: field(4, 'bytes'), map: field(5, 'bytes'), sparse: field(8, 'bytes'), optional: field(9, 'bytes'),
  } },
  TensorType: { fields: { element: field(1, 'int32'), shape: field(2, 'Shape') } },
  Shape: { fields: { dims: field(1, 'Dim', 'repeated') } },
  Dim: { oneofs: { value: { oneof: ['size', 'name'] } }, fields: { size: field(1, 'int64'), name: field(2, 'string') } },
} });

interface Entry { key: string; value: string }
/** 64-bit integers come as decimal text: none is rounded. */
export interface Messages {
  Model: { irVersion: string; producerName: string; producerVersion: string; domain: string; doc: string; graph: Uint8Array; opsets: { domain: string; version: string }[]; metadata: Entry[] };
  Graph: { nodes: Uint8Array[]; name: string; initializers: Uint8Array[]; inputs: Messages['ValueInfo'][]; outputs: Messages['ValueInfo'][]; values: Uint8Array[] };
  Node: { inputs: string[]; outputs: string[]; name: string; op: string; attributes: Uint8Array[]; domain: string };
  Attribute: { name: string; f: number; i: string; s: Uint8Array; tensor: Messages['Tensor'] | null; floats: number[]; ints: string[]; strings: Uint8Array[] };
  AttributeName: { name: string };
  Tensor: { dims: string[]; type: number; ints: number[]; strings: Uint8Array[]; longs: string[]; name: string; raw: Uint8Array; doubles: number[] };
  TensorHead: { name: string; external: Entry[]; location: number };
  ValueInfo: { name: string; type: { value?: 'tensor' | 'sequence' | 'map' | 'optional' | 'sparse'; tensor?: { element: number; shape: { dims: { value?: 'size' | 'name'; size?: string; name?: string }[] } | null } } | null };
}

/** Throws what protobufjs throws where the bytes are no such message. */
export function decode<K extends keyof Messages>(name: K, bytes: Uint8Array): Messages[K] {
  const type = root.lookupType(name);
  return type.toObject(type.decode(bytes), { longs: String, defaults: true, arrays: true, oneofs: true }) as Messages[K];
}

/** One field of a message where it lies: from its tag at `from` up to `to`; its content starts at `start`. */
export interface Span { id: number; from: number; start: number; to: number }

/** The fields of a message in their order, whatever they are; nothing is decoded. */
export function spans(bytes: Uint8Array): Span[] {
  const reader = protobuf.Reader.create(bytes);
  const found: Span[] = [];
  while (reader.pos < reader.len) {
    const from = reader.pos;
    const tag = reader.uint32();
    const wire = tag & 7;
    let start = reader.pos;
    if (wire === 2) {
      const length = reader.uint32();
      start = reader.pos;
      reader.skip(length);
    } else reader.skipType(wire);
    found.push({ id: tag >>> 3, from, start, to: reader.pos });
  }
  return found;
}

/** A field of bytes: its tag, its length and the bytes. */
export function bytesField(id: number, bytes: Uint8Array): Uint8Array {
  return protobuf.Writer.create().uint32((id << 3) | 2).bytes(bytes).finish();
}

/** A graph's output: a tensor of this element type and of any shape. */
export function tensorOutput(name: string, element: number): Uint8Array {
  const type = root.lookupType('ValueInfo');
  return type.encode(type.fromObject({ name, type: { tensor: { element } } })).finish();
}
