; Each size gets an inlined compare with the epoch at %fs:0x80 and a cold call that keeps all registers.
; RUN: %csan %s | FileCheck %s
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

; CHECK-LABEL: define i32 @read4(
; CHECK: load i32, ptr {{.*}}, align 4, !nosanitize
; CHECK: load i32, ptr addrspace(257) inttoptr (i64 128 to ptr addrspace(257))
; CHECK: icmp ne i32
; CHECK: br i1 {{.*}}, !prof
; CHECK: load i32, ptr addrspace(257) inttoptr (i64 136 to ptr addrspace(257))
; CHECK: call preserve_allcc void @__csan_read4(ptr %p)
; CHECK: %v = load i32, ptr %p
define i32 @read4(ptr %p) sanitize_thread {
  %v = load i32, ptr %p, align 4
  ret i32 %v
}

; CHECK-LABEL: define void @write8(
; CHECK: load i64, ptr addrspace(257) inttoptr (i64 128 to ptr addrspace(257))
; CHECK-NOT: i64 136
; CHECK: call preserve_allcc void @__csan_write8(ptr %p)
define void @write8(ptr %p) sanitize_thread {
  store i64 1, ptr %p, align 8
  ret void
}

; CHECK-LABEL: define void @write1(
; CHECK: call ptr @llvm.ptrmask
; CHECK: call preserve_allcc void @__csan_write1(ptr %p)
define void @write1(ptr %p) sanitize_thread {
  store i8 1, ptr %p, align 1
  ret void
}

; CHECK-LABEL: define i16 @read2(
; CHECK: call preserve_allcc void @__csan_read2(ptr %p)
define i16 @read2(ptr %p) sanitize_thread {
  %v = load i16, ptr %p, align 2
  ret i16 %v
}

; CHECK-LABEL: define <4 x i32> @read16(
; CHECK: xor i64
; CHECK: call preserve_allcc void @__csan_read16(ptr %p)
define <4 x i32> @read16(ptr %p) sanitize_thread {
  %v = load <4 x i32>, ptr %p, align 16
  ret <4 x i32> %v
}

; CHECK-LABEL: define void @write32(
; CHECK: call preserve_allcc void @__csan_write_n(ptr %p, i64 32)
define void @write32(ptr %p, <8 x i32> %v) sanitize_thread {
  store <8 x i32> %v, ptr %p, align 16
  ret void
}

; Those that may straddle granules are passed over where all words that they touch hold this epoch alone.
; CHECK-LABEL: define void @unaligned4(
; CHECK: [[FIRST:%.*]] = call ptr @llvm.ptrmask.p0.i64(ptr %p, i64 -4)
; CHECK: [[END:%.*]] = getelementptr i8, ptr %p, i64 3
; CHECK: call ptr @llvm.ptrmask.p0.i64(ptr [[END]], i64 -4)
; CHECK-COUNT-2: xor i32
; CHECK: icmp ne i32
; CHECK: call preserve_allcc void @__csan_write4(ptr %p)
define void @unaligned4(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 1
  ret void
}

; CHECK-LABEL: define i16 @unaligned2(
; CHECK-COUNT-2: xor i32
; CHECK: call preserve_allcc void @__csan_read2(ptr %p)
define i16 @unaligned2(ptr %p) sanitize_thread {
  %v = load i16, ptr %p, align 1
  ret i16 %v
}

; CHECK-LABEL: define i64 @unaligned8(
; CHECK-COUNT-2: xor i64
; CHECK-NOT: xor
; CHECK: call preserve_allcc void @__csan_read8(ptr %p)
define i64 @unaligned8(ptr %p) sanitize_thread {
  %v = load i64, ptr %p, align 2
  ret i64 %v
}

; CHECK-LABEL: define void @unaligned16(
; CHECK-COUNT-3: xor i64
; CHECK: call preserve_allcc void @__csan_write16(ptr %p)
define void @unaligned16(ptr %p, <4 x i32> %v) sanitize_thread {
  store <4 x i32> %v, ptr %p, align 1
  ret void
}

; CHECK-LABEL: define void @odd(
; CHECK-NOT: icmp
; CHECK: call preserve_allcc void @__csan_write_n(ptr %p, i64 3)
define void @odd(ptr %p) sanitize_thread {
  store i24 1, ptr %p, align 1
  ret void
}
