/** JSON-like text of exactly `size` characters that compresses well, but not into nothing. */
export function jsonOf(size: number): string {
  const parts: string[] = [];
  for (let length = 0, id = 1; length < size; id++) {
    const part = `{"id":${id},"name":"item ${(id * 7919) % 1000}","tags":["a","b${id % 7}"],"on":${id % 2 === 0}},`;
    parts.push(part);
    length += part.length;
  }
  return parts.join("").slice(0, size);
}
