        .text
        .globl  Odd
        .type   Odd,@function
Odd:
        movl    $3, %eax
        ret
        .section .note.GNU-stack,"",@progbits
