/** Messages that take so much memory of the system's, and not of V8's. */
const large = 32 * 1024;

/** So many bytes of them are a flood. */
const flood = 16 * 1024 * 1024;

/** The most that glibc learns from, whatever its allocator adds for itself. */
const lesson = 32 * 1024 * 1024 - 64 * 1024;

let received = 0;

/**
 * Counts the memory of a message that the program gets.
 *
 * In a flood V8 frees some 30 MiB of messages at a time. glibc, the allocator on most of Linux, gives memory back to the
 * system whenever 128 KiB lie free at the end of its heap, and takes it again page by page: 64 KiB in 31 µs where 12 do
 * without. It keeps twice as much as the largest block of at most 32 MiB that was freed so far. So one is made, and
 * dropped: its memory is never touched. From then on up to 64 MiB that are free may stay with the process. The
 * environment variable `MALLOC_TRIM_THRESHOLD_` has the last word.
 */
export function countLargeMessage(size: number): void {
  if (size < large || received > flood) return;
  received += size;
  if (received > flood && process.platform === "linux") teachAllocator();
}

function teachAllocator(): void {
  try {
    void new ArrayBuffer(lesson);
  } catch {
    // No address space for it: then all stays as it is.
  }
}
