; What needs no check, and what looks alike but needs one.
; RUN: %csan %s | FileCheck %s
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

@constant = constant i32 7
@variable = global i32 7
declare void @keep(ptr)
declare void @opaque()

; CHECK-LABEL: define i32 @local_only(
; CHECK-NOT: __csan_
; CHECK: ret i32
define i32 @local_only() sanitize_thread {
  %a = alloca i32
  store i32 1, ptr %a
  %v = load i32, ptr %a
  ret i32 %v
}

; CHECK-LABEL: define void @escapes(
; CHECK: call preserve_allcc void @__csan_write4
define void @escapes() sanitize_thread {
  %a = alloca i32
  call void @keep(ptr %a)
  store i32 1, ptr %a
  ret void
}

; CHECK-LABEL: define i32 @constants(
; CHECK-NOT: __csan_
; CHECK: ret i32
define i32 @constants() sanitize_thread {
  %v = load i32, ptr @constant
  ret i32 %v
}

; CHECK-LABEL: define i32 @write_covers_read(
; CHECK: call preserve_allcc void @__csan_write4
; CHECK-NOT: __csan_
; CHECK: ret i32
define i32 @write_covers_read() sanitize_thread {
  store i32 1, ptr @variable
  %v = load i32, ptr @variable
  ret i32 %v
}

; CHECK-LABEL: define void @read_then_write(
; CHECK-NOT: __csan_read4
; CHECK: call preserve_allcc void @__csan_write4
; CHECK-NOT: __csan_read4
; CHECK: ret void
define void @read_then_write() sanitize_thread {
  %v = load i32, ptr @variable
  %w = add i32 %v, 1
  store i32 %w, ptr @variable
  ret void
}

; CHECK-LABEL: define i32 @not_across_a_call(
; CHECK: call preserve_allcc void @__csan_read4
; CHECK: call void @opaque
; CHECK: call preserve_allcc void @__csan_read4
define i32 @not_across_a_call() sanitize_thread {
  %v = load i32, ptr @variable
  call void @opaque()
  %w = load i32, ptr @variable
  %s = add i32 %v, %w
  ret i32 %s
}

; CHECK-LABEL: define i32 @not_across_a_fence(
; CHECK: call preserve_allcc void @__csan_read4
; CHECK: call void @__csan_atomic_fence(i32 5)
; CHECK: call preserve_allcc void @__csan_read4
define i32 @not_across_a_fence() sanitize_thread {
  %v = load i32, ptr @variable
  fence seq_cst
  %w = load i32, ptr @variable
  %s = add i32 %v, %w
  ret i32 %s
}

; CHECK-LABEL: define void @neighbours(
; CHECK: call preserve_allcc void @__csan_write16(ptr %p)
; CHECK-NOT: __csan_
; CHECK: ret void
define void @neighbours(ptr %p) sanitize_thread {
  store i64 1, ptr %p, align 8
  %q = getelementptr i8, ptr %p, i64 8
  store i64 2, ptr %q, align 8
  ret void
}

; Neighbours beyond 16 bytes are one check only on one line: the report names no other.
; CHECK-LABEL: define void @one_line(
; CHECK-COUNT-4: xor i64
; CHECK: call preserve_allcc void @__csan_write_n(ptr %p, i64 32)
; CHECK-NOT: __csan_
; CHECK: ret void
define void @one_line(ptr %p, <2 x i64> %v) sanitize_thread !dbg !3 {
  %q = getelementptr i8, ptr %p, i64 16
  store <2 x i64> %v, ptr %p, align 8, !dbg !5
  store <2 x i64> %v, ptr %q, align 8, !dbg !6
  ret void, !dbg !6
}

; CHECK-LABEL: define void @two_lines(
; CHECK: call preserve_allcc void @__csan_write16
; CHECK: call preserve_allcc void @__csan_write16
; CHECK: ret void
define void @two_lines(ptr %p, <2 x i64> %v) sanitize_thread !dbg !4 {
  %q = getelementptr i8, ptr %p, i64 16
  store <2 x i64> %v, ptr %p, align 8, !dbg !7
  store <2 x i64> %v, ptr %q, align 8, !dbg !8
  ret void, !dbg !8
}

; CHECK-LABEL: define void @inlined_twice(
; CHECK: call preserve_allcc void @__csan_write16
; CHECK: call preserve_allcc void @__csan_write16
; CHECK: ret void
define void @inlined_twice(ptr %p, <2 x i64> %v) sanitize_thread !dbg !10 {
  %q = getelementptr i8, ptr %p, i64 16
  store <2 x i64> %v, ptr %p, align 8, !dbg !11
  store <2 x i64> %v, ptr %q, align 8, !dbg !13
  ret void, !dbg !12
}

; Elements of four bytes, as an unrolled loop stores them: each computes its address anew.
; CHECK-LABEL: define void @unrolled(
; CHECK-COUNT-4: xor i64
; CHECK: call preserve_allcc void @__csan_write_n(ptr %a, i64 32)
; CHECK-NOT: __csan_
; CHECK: ret void
define void @unrolled(ptr %p, i64 %i) sanitize_thread !dbg !24 {
  %a = getelementptr i32, ptr %p, i64 %i
  store i32 0, ptr %a, align 4, !dbg !25
  %b = getelementptr i8, ptr %a, i64 4
  store i32 1, ptr %b, align 4, !dbg !25
  %c0 = getelementptr i32, ptr %p, i64 %i
  %c = getelementptr i8, ptr %c0, i64 8
  store i32 2, ptr %c, align 4, !dbg !25
  %d0 = getelementptr i32, ptr %p, i64 %i
  %d = getelementptr i8, ptr %d0, i64 12
  store i32 3, ptr %d, align 4, !dbg !25
  %e0 = getelementptr i32, ptr %p, i64 %i
  %e = getelementptr i8, ptr %e0, i64 16
  store i32 4, ptr %e, align 4, !dbg !25
  %f = getelementptr i8, ptr %e0, i64 20
  store i32 5, ptr %f, align 4, !dbg !25
  %g = getelementptr i8, ptr %e0, i64 24
  store i32 6, ptr %g, align 4, !dbg !25
  %h = getelementptr i8, ptr %e0, i64 28
  store i32 7, ptr %h, align 4, !dbg !25
  ret void, !dbg !25
}

; On lines of their own they are no more than the two that they were.
; CHECK-LABEL: define void @four_lines(
; CHECK: call preserve_allcc void @__csan_write8(ptr %p)
; CHECK: call preserve_allcc void @__csan_write8(
; CHECK-NOT: __csan_
; CHECK: ret void
define void @four_lines(ptr %p) sanitize_thread !dbg !26 {
  store i32 0, ptr %p, align 4, !dbg !27
  %b = getelementptr i8, ptr %p, i64 4
  store i32 1, ptr %b, align 4, !dbg !27
  %c = getelementptr i8, ptr %p, i64 8
  store i32 2, ptr %c, align 4, !dbg !28
  %d = getelementptr i8, ptr %p, i64 12
  store i32 3, ptr %d, align 4, !dbg !28
  ret void, !dbg !28
}

; Neighbours that are read and then written are checked once, as written.
; CHECK-LABEL: define void @read_and_written(
; CHECK-NOT: __csan_read
; CHECK: call preserve_allcc void @__csan_write8(ptr %p)
; CHECK-NOT: __csan_
; CHECK: ret void
define void @read_and_written(ptr %p) sanitize_thread !dbg !29 {
  %q = getelementptr i8, ptr %p, i64 4
  %a = load i32, ptr %p, align 4, !dbg !30
  %b = load i32, ptr %q, align 4, !dbg !30
  store i32 %b, ptr %p, align 4, !dbg !30
  store i32 %a, ptr %q, align 4, !dbg !30
  ret void, !dbg !30
}

; The write that stands for a read comes behind its neighbour, and both are checked where that is.
; CHECK-LABEL: define i32 @earlier_first(
; CHECK: call preserve_allcc void @__csan_write8
; CHECK-NOT: __csan_
; CHECK: store i32 1, ptr %q
; CHECK-NOT: __csan_
; CHECK: ret i32
define i32 @earlier_first(ptr %p) sanitize_thread !dbg !31 {
  %v = load i32, ptr %p, align 4, !dbg !32
  %q = getelementptr i8, ptr %p, i64 4
  store i32 1, ptr %q, align 4, !dbg !32
  store i32 2, ptr %p, align 4, !dbg !32
  ret i32 %v, !dbg !32
}

!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2}
!0 = distinct !DICompileUnit(language: DW_LANG_C_plus_plus_14, file: !1, emissionKind: FullDebug)
!1 = !DIFile(filename: "neighbours.cpp", directory: "")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = distinct !DISubprogram(name: "one_line", file: !1, line: 1, unit: !0, spFlags: DISPFlagDefinition, type: !9)
!4 = distinct !DISubprogram(name: "two_lines", file: !1, line: 5, unit: !0, spFlags: DISPFlagDefinition, type: !9)
!5 = !DILocation(line: 2, column: 3, scope: !3)
!6 = !DILocation(line: 2, column: 9, scope: !3)
!7 = !DILocation(line: 6, column: 3, scope: !4)
!8 = !DILocation(line: 7, column: 3, scope: !4)
!9 = !DISubroutineType(types: !{})
!10 = distinct !DISubprogram(name: "inlined_twice", file: !1, line: 9, unit: !0, spFlags: DISPFlagDefinition, type: !9)
!11 = !DILocation(line: 2, column: 3, scope: !3, inlinedAt: !12)
!12 = distinct !DILocation(line: 10, column: 3, scope: !10)
!13 = !DILocation(line: 2, column: 3, scope: !3, inlinedAt: !14)
!14 = distinct !DILocation(line: 11, column: 3, scope: !10)
!24 = distinct !DISubprogram(name: "unrolled", file: !1, line: 20, unit: !0, spFlags: DISPFlagDefinition, type: !9)
!25 = !DILocation(line: 21, column: 3, scope: !24)
!26 = distinct !DISubprogram(name: "four_lines", file: !1, line: 30, unit: !0, spFlags: DISPFlagDefinition, type: !9)
!27 = !DILocation(line: 31, column: 3, scope: !26)
!28 = !DILocation(line: 32, column: 3, scope: !26)
!29 = distinct !DISubprogram(name: "read_and_written", file: !1, line: 40, unit: !0, spFlags: DISPFlagDefinition, type: !9)
!30 = !DILocation(line: 41, column: 3, scope: !29)
!31 = distinct !DISubprogram(name: "earlier_first", file: !1, line: 50, unit: !0, spFlags: DISPFlagDefinition, type: !9)
!32 = !DILocation(line: 51, column: 3, scope: !31)
