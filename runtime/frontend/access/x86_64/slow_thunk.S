// Leaves the integer-only world: saves every register the program may have live, calls
// csan_slow_access(addr, what, pc, caller_pc), restores. The caller follows preserve_all, for which
// LLVM expects general registers and, where the function may use AVX, whole ymm registers to
// survive; the upper halves of zmm, zmm16-31 and mask registers count as clobbered.
        .text
        .hidden csan_slow_access
        .hidden csan_cpu_has_avx
        .globl  __csan_slow_thunk
        .hidden __csan_slow_thunk
        .type   __csan_slow_thunk,@function
__csan_slow_thunk:
        .cfi_startproc
        pushq   %rbp
        .cfi_def_cfa_offset 16
        .cfi_offset %rbp, -16
        movq    %rsp, %rbp
        .cfi_def_cfa_register %rbp
        pushq   %rax
        pushq   %rcx
        pushq   %rdx
        pushq   %rsi
        pushq   %rdi
        pushq   %r8
        pushq   %r9
        pushq   %r10
        pushq   %r11
        cld
        subq    $(16*32 + 32), %rsp
        andq    $-32, %rsp
        cmpb    $0, csan_cpu_has_avx(%rip)
        je      1f
        .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        vmovdqa %ymm\n, (\n * 32)(%rsp)
        .endr
        vzeroupper
        call    csan_slow_access
        .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        vmovdqa (\n * 32)(%rsp), %ymm\n
        .endr
        jmp     2f
1:
        .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        movdqa  %xmm\n, (\n * 32)(%rsp)
        .endr
        call    csan_slow_access
        .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        movdqa  (\n * 32)(%rsp), %xmm\n
        .endr
2:
        leaq    -72(%rbp), %rsp
        popq    %r11
        popq    %r10
        popq    %r9
        popq    %r8
        popq    %rdi
        popq    %rsi
        popq    %rdx
        popq    %rcx
        popq    %rax
        popq    %rbp
        .cfi_def_cfa %rsp, 8
        ret
        .cfi_endproc
        .size   __csan_slow_thunk, . - __csan_slow_thunk
        .section .note.GNU-stack,"",@progbits
