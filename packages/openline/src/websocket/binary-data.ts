import { isArrayBuffer } from "node:util/types";

/**
 * [IDL] 3.2.25, conversion to a BufferSource; `undefined` for what is none.
 * @throws TypeError for memory that others may change or resize.
 */
export function toBufferSource(data: unknown, method: string): ArrayBuffer | ArrayBufferView | undefined {
  const buffer = ArrayBuffer.isView(data) ? data.buffer : data;
  if (isArrayBuffer(buffer) && "resizable" in buffer && buffer.resizable === true) {
    throw new TypeError(`${method}: the memory is resizable, so it could change while it is sent`);
  }
  if (ArrayBuffer.isView(data)) {
    if (isArrayBuffer(buffer)) return data;
    throw new TypeError(`${method}: the view's memory is shared, so it could change while it is sent`);
  }
  return isArrayBuffer(data) ? data : undefined;
}
