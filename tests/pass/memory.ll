; Memory intrinsics: long or unknown lengths are the hook's work, short constant ones are checked inline.
; RUN: %csan %s | FileCheck %s
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

; CHECK-LABEL: define void @copy(
; CHECK: call ptr @__csan_memcpy(ptr %a, ptr %b, i64 %n)
; CHECK-NOT: llvm.memcpy
; CHECK: ret void
define void @copy(ptr %a, ptr %b, i64 %n) sanitize_thread {
  call void @llvm.memcpy.p0.p0.i64(ptr %a, ptr %b, i64 %n, i1 false)
  ret void
}

; CHECK-LABEL: define void @short(
; CHECK: __csan_read16(ptr %b)
; CHECK: __csan_write16(ptr %a)
; CHECK: call void @llvm.memcpy
define void @short(ptr %a, ptr %b) sanitize_thread {
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %a, ptr align 8 %b, i64 16, i1 false)
  ret void
}

; CHECK-LABEL: define void @set(
; CHECK: call ptr @__csan_memset(ptr %a, i32 {{.*}}, i64 1000)
define void @set(ptr %a, i8 %v) sanitize_thread {
  call void @llvm.memset.p0.i64(ptr %a, i8 %v, i64 1000, i1 false)
  ret void
}

; Only lanes that the mask selects are accessed, so each is checked under its own bit.
; CHECK-LABEL: define void @masked(
; CHECK: extractelement <2 x i1> %m, i64 0
; CHECK: call preserve_allcc void @__csan_write4
; CHECK: extractelement <2 x i1> %m, i64 1
; CHECK: call preserve_allcc void @__csan_write4
define void @masked(ptr %p, <2 x i32> %v, <2 x i1> %m) sanitize_thread {
  call void @llvm.masked.store.v2i32.p0(<2 x i32> %v, ptr align 4 %p, <2 x i1> %m)
  ret void
}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
declare void @llvm.masked.store.v2i32.p0(<2 x i32>, ptr, <2 x i1>)
