;; mask(at, end, key): masks the bytes [at, end) of the imported memory in place; the key's lowest byte falls on the
;; byte at `at`. [6455] 5.3
(module
  (memory (import "openline" "memory") 1)
  (func (export "mask") (param $at i32) (param $end i32) (param $key i32)
    (local $keys v128)
    (local.set $keys (i32x4.splat (local.get $key)))
    ;; 64 bytes a turn
    (block $done
      (loop $turn
        (br_if $done (i32.gt_u (i32.add (local.get $at) (i32.const 64)) (local.get $end)))
        (v128.store (local.get $at)
          (v128.xor (v128.load (local.get $at)) (local.get $keys)))
        (v128.store offset=16 (local.get $at)
          (v128.xor (v128.load offset=16 (local.get $at)) (local.get $keys)))
        (v128.store offset=32 (local.get $at)
          (v128.xor (v128.load offset=32 (local.get $at)) (local.get $keys)))
        (v128.store offset=48 (local.get $at)
          (v128.xor (v128.load offset=48 (local.get $at)) (local.get $keys)))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br $turn)))
    ;; 4 bytes a turn
    (block $done
      (loop $turn
        (br_if $done (i32.gt_u (i32.add (local.get $at) (i32.const 4)) (local.get $end)))
        (i32.store (local.get $at) (i32.xor (i32.load (local.get $at)) (local.get $key)))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $turn)))
    ;; the last bytes one by one
    (block $done
      (loop $turn
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (i32.store8 (local.get $at) (i32.xor (i32.load8_u (local.get $at)) (local.get $key)))
        (local.set $key (i32.shr_u (local.get $key) (i32.const 8)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $turn))))

  ;; isAscii(at, end): whether the bytes [at, end), 16 at least, are all below 0x80
  (func (export "isAscii") (param $at i32) (param $end i32) (result i32)
    (local $seen v128)
    (local $last i32)
    (local.set $last (i32.sub (local.get $end) (i32.const 16)))
    (block $done
      (loop $turn
        (br_if $done (i32.ge_u (local.get $at) (local.get $last)))
        (local.set $seen (v128.or (local.get $seen) (v128.load (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $turn)))
    ;; the last 16, some of them for the second time
    (i32.eqz
      (i8x16.bitmask (v128.or (local.get $seen) (v128.load (local.get $last)))))))
